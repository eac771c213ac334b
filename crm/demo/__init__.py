"""A believable company with known truths, to show, to test and to measure with."""

from crm.demo.company import SCHEMAS, DemoCompany
from crm.demo.generate import generate
from crm.demo.truths import Truths

__all__ = ["SCHEMAS", "DemoCompany", "Truths", "generate"]
