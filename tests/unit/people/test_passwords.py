from __future__ import annotations

import threading
import time

from engage.people import passwords

PASSWORD = "a long enough password"


def test_a_password_matches_its_own_hash_and_no_other() -> None:
    stored = passwords.hash_password(PASSWORD)
    assert stored.startswith("$argon2id$")
    assert passwords.matches(PASSWORD, stored)
    assert not passwords.matches(PASSWORD + " ", stored)


def test_the_same_password_typed_on_another_keyboard_matches() -> None:
    stored = passwords.hash_password("cafe\u0301 ２０２８ london")
    assert passwords.matches("café 2028 london", stored)


def test_nothing_matches_what_is_no_hash() -> None:
    assert not passwords.matches(PASSWORD, None)
    assert not passwords.matches(PASSWORD, "no password")
    assert not passwords.matches("nobody has this password", None)


def test_no_more_than_a_few_hashes_are_made_at_once() -> None:
    for _ in range(passwords.HASHES_AT_ONCE):
        assert passwords._turns.acquire(blocking=False)
    waiting = threading.Thread(target=passwords.hash_password, args=(PASSWORD,))
    try:
        waiting.start()
        time.sleep(0.3)
        assert waiting.is_alive()
    finally:
        for _ in range(passwords.HASHES_AT_ONCE):
            passwords._turns.release()
    waiting.join(timeout=10)
    assert not waiting.is_alive()
