"""Passwords are hard to guess, and cost the same to check for everyone."""

import time

import pytest
from argon2 import PasswordHasher, extract_parameters

from crm.errors import Invalid
from crm.services.admin import passwords

GOOD = "seven quiet otters"


def check(password: str) -> None:
    passwords.check(password, email="ada.lovelace@example.com", name="Ada Lovelace")


def test_the_hash_is_argon2id_with_at_least_owasps_parameters() -> None:
    stored = passwords.hashed(GOOD)

    found = extract_parameters(stored)
    assert stored.startswith("$argon2id$")
    assert found.memory_cost >= 19_456
    assert found.time_cost >= 2
    assert found.parallelism == 1


@pytest.mark.slow
def test_a_password_matches_its_own_hash_only() -> None:
    stored = passwords.hashed(GOOD)

    assert passwords.matches(stored, GOOD)
    assert not passwords.matches(stored, GOOD + "!")
    assert not passwords.matches(None, GOOD)


def test_equal_passwords_have_different_hashes() -> None:
    assert passwords.hashed(GOOD) != passwords.hashed(GOOD)


def test_full_width_letters_are_the_same_password() -> None:
    stored = passwords.hashed("ｓｅｖｅｎ quiet otters")

    assert passwords.matches(stored, "seven quiet otters")


def test_half_a_character_is_no_password_and_no_crash() -> None:
    assert not passwords.matches(passwords.hashed(GOOD), "\ud800" * 12)


def test_a_weaker_hash_is_told_from_todays() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD)

    assert passwords.is_weak(weaker)
    assert not passwords.is_weak(passwords.hashed(GOOD))


@pytest.mark.slow
def test_an_unknown_user_costs_the_same_time() -> None:
    stored = passwords.hashed(GOOD)
    passwords.matches(None, GOOD)  # the hash of nobody is made once

    def seconds(of: str | None) -> float:
        tries = []
        for _ in range(7):
            start = time.process_time()
            passwords.matches(of, "a wrong password")
            tries.append(time.process_time() - start)
        return min(tries)

    assert 0.5 < seconds(None) / seconds(stored) < 2


def test_ten_thousand_characters_are_answered_at_once() -> None:
    stored = passwords.hashed(GOOD)

    start = time.process_time()
    assert not passwords.matches(stored, "ﷺ" * 10_000)

    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "guess",
    [
        "short",
        "password123",
        "P@ssw0rd2026!",
        "qwertyuiop",
        "1234567890",
        "iloveyou123",
        "woaini1314",
        "Summer2026!",
        "Clientele2026",
        "ada.lovelace@example.com",
        "Ada Lovelace",
        "ada.lovelace1815",
        "aaaaaaaaaaaa",
        "x" * 1025,
    ],
)
def test_what_anyone_would_guess_is_refused(guess: str) -> None:
    with pytest.raises(Invalid):
        check(guess)


@pytest.mark.parametrize("password", [GOOD, "七只安静的水獭在河里游泳", "kX9-vQ2.tR7_"])
def test_a_long_phrase_in_any_script_is_fine(password: str) -> None:
    check(password)
