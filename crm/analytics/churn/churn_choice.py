"""Which models of churn are computed."""

from collections.abc import Sequence

from crm.analytics.notes import Note
from crm.errors import Invalid
from crm.i18n import N_, _

SCORED = ("logistic", "boosting", "forest")  # score today's customers, with reasons
RIVALS = ("svm_linear", "svm_rbf", "bg_nbd")  # judged only, to be compared with
MODELS = (*SCORED, *RIVALS)
SMALL = {"svm_linear": 100_000, "svm_rbf": 30_000}  # customers; beyond, on request

TOO_MANY = N_(
    "{model} was not computed: beyond {most} customers it is, as it is slow, only on "
    "request."
)
NO_NUMBER = N_("{model} found no probabilities that are numbers.")
NAMES = {
    "logistic": N_("Logistic regression"),
    "boosting": N_("Gradient boosting"),
    "forest": N_("Random forest"),
    "svm_linear": N_("Linear SVM"),
    "svm_rbf": N_("RBF SVM"),
    "bg_nbd": N_("BG/NBD, from purchases alone"),
}


def chosen(asked: Sequence[str], customers: int) -> tuple[str, ...]:
    """The models to compute, of `MODELS` and in their order.

    Logistic regression is always among them. Nothing asked for: all, but of support
    vector machines only those that are quick with so many customers.

    Raises:
        Invalid: something is asked for that is no model.
    """
    if unknown := sorted(set(asked) - set(MODELS)):
        words = _("There is no model “{name}”; there are: {known}.")
        told = words.format(name=unknown[0], known=", ".join(MODELS))
        raise Invalid(told, field="models")
    if asked:
        return tuple(name for name in MODELS if name in {"logistic", *asked})
    return tuple(name for name in MODELS if customers <= SMALL.get(name, customers))


def left_out(asked: Sequence[str], customers: int) -> tuple[Note, ...]:
    """What to say of models that nobody asked for and that are slow."""
    kept = chosen(asked, customers)
    return tuple(
        Note(TOO_MANY, {"model": NAMES[name], "most": most})
        for name, most in SMALL.items()
        if not asked and name not in kept
    )
