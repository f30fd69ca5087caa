"""Keys of web services in the system's keyring, below the service ``weeknotes``."""

from __future__ import annotations

SERVICE = "weeknotes"


def password(user: str) -> str:
    """The key that the keyring holds for ``user``; empty where there is none, or no keyring."""
    try:
        import keyring
    except ImportError:
        return ""
    try:
        return str(keyring.get_password(SERVICE, user) or "").strip()
    except Exception:  # every backend has errors of its own; none of them matters without a key
        return ""
