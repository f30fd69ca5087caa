"""Writing files so that a reader, or a crash, sees the old content or the new, never half."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import time
import warnings
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from weeknotes.errors import WeeknotesError

try:
    import fcntl
except ImportError:  # Windows has none.
    fcntl = None  # type: ignore[assignment]

#: Seconds to wait for another command to finish before giving up.
LOCK_PATIENCE = 60.0
#: Seconds to wait for another program to close a file that is to be replaced.
RENAME_PATIENCE = 5.0
_WINDOWS = os.name == "nt"


def write_atomic(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``: whole, synced to disk, and in one step.

    The bytes go to a temporary file in the same folder (so that the rename stays within one file
    system), which takes the place of ``path`` only when it is complete. The permissions of an
    existing file are kept. Raises OSError when the folder cannot be written; ``path`` is then as it
    was before.
    """
    with _written(path, data) as temporary:
        rename(temporary, path)


def write_cache(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data`` in one step, without waiting for the disk.

    For what can be made again, such as a cache or a page: after a loss of power it may be empty or
    missing, so its readers make it again where it makes no sense. Waiting for the disk takes up to
    some hundredths of a second a file, much longer than all else that is done with it.
    """
    with _written(path, data, durable=False) as temporary:
        rename(temporary, path)


def rename(source: Path, target: Path) -> None:
    """Put the file or folder ``source`` in the place of ``target``, in one step.

    Windows refuses while another program has one of them open, as virus scanners, indexers and editors
    do for a moment: there it is tried again for RENAME_PATIENCE seconds. Raises OSError.
    """
    deadline = time.monotonic() + RENAME_PATIENCE
    while True:
        try:
            source.replace(target)
            return
        except PermissionError:
            if not _WINDOWS or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class CacheWarning(UserWarning):
    """A cache could not be written; the next command works its contents out again."""


_tellers: list[Callable[[str], None]] = []
_keeping_nothing: list[bool] = []


def keep_cache(path: Path, data: bytes) -> None:
    """Write ``data`` as ``write_cache`` does, for a file that nothing else depends on. If it can't be
    written, on a full disk or in a read-only folder, that is reported (``telling``, or a
    CacheWarning), and no error is raised."""
    if _keeping_nothing:
        return
    try:
        write_cache(path, data)
    except OSError as error:
        cannot_keep(path, error)


def cannot_keep(path: Path, error: Exception) -> None:
    """Report that the cache ``path`` can't be written (``telling``, or a CacheWarning)."""
    reason = getattr(error, "strerror", None) or error
    message = f"{path}: {reason}; what is kept there is worked out again each time"
    if _tellers:
        _tellers[-1](message)
    else:
        warnings.warn(message, CacheWarning, stacklevel=3)


@contextlib.contextmanager
def keeping_nothing() -> Iterator[None]:
    """While the block lasts, no cache is kept: a run that is to write nothing leaves no trace."""
    _keeping_nothing.append(True)
    try:
        yield
    finally:
        _keeping_nothing.pop()


@contextlib.contextmanager
def telling(tell: Callable[[str], None]) -> Iterator[None]:
    """Call ``tell`` within the block the first time that a cache cannot be kept: if one can't be
    written, none can. Python's warnings are not used, since libraries redirect them."""
    told = False

    def once(message: str) -> None:
        nonlocal told
        if not told:
            told = True
            tell(message)

    _tellers.append(once)
    try:
        yield
    finally:
        _tellers.pop()


def create(path: Path, data: bytes) -> bool:
    """Write ``path`` unless something is there; whole, synced, and in one step.

    Returns whether it was written: of two processes that try at once, one alone wins, and the
    other's file is never replaced. Raises OSError when the folder cannot be written.
    """
    with _written(path, data) as temporary:
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            return False
        except OSError:
            # A file system without hard links, such as a memory stick's.
            if path.exists():
                return False
            rename(temporary, path)
    return True


def replace_unchanged(path: Path, old: bytes, new: bytes) -> bool:
    """Replace ``path`` by ``new`` as ``write_atomic`` does, if it still holds ``old``.

    Returns whether it did. The comparison comes last before the rename, so that what an editor saved
    while ``new`` was made, or while it was written to disk, is not overwritten; and what it saved
    between these two comes out in exchange for ``new``, and is put back.
    """
    with _written(path, new) as temporary:
        if path.read_bytes() != old:
            return False
        if not exchange(temporary, path):
            rename(temporary, path)
            return True
        placed, expected = new, old
        while (found := temporary.read_bytes()) != expected:
            placed, expected = found, placed
            if not exchange(temporary, path):
                rename(temporary, path)
                break
        return placed == new


def exchange(one: Path, other: Path) -> bool:
    """Let two files or folders change names in one step (renameat2(2), Linux); False where it can't be
    done."""
    import ctypes

    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):  # The last is what Windows says.
        return False
    here, flag = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    done: int = rename(here, os.fsencode(one), here, os.fsencode(other), flag)
    return done == 0


def sweep(folder: Path, age: float = 600.0) -> None:
    """Remove the temporary files that a process killed while writing left in ``folder``.

    Those younger than ``age`` seconds may belong to a process that lives, and stay.
    """
    if not folder.is_dir():
        return
    for leftover in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - leftover.stat().st_mtime > age:
                leftover.unlink()


@contextlib.contextmanager
def _written(path: Path, data: bytes, durable: bool = True) -> Iterator[Path]:
    """``data`` in a temporary file beside ``path``, with the permissions that ``path`` will have,
    and synced where it must be ``durable``; gone afterwards, if it hasn't been renamed."""
    import tempfile  # Slow to load for a command that writes nothing.

    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Of a long name the beginning, since a name has at most 255 bytes.
        prefix = f".{path.name[:60]}."
        descriptor, name = tempfile.mkstemp(prefix=prefix, suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        temporary.chmod(_mode_for(path))
        yield temporary
    except OSError as error:
        # The error of a full disk does not name the file, or names the temporary one.
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        if temporary:
            # One that can't be removed is swept up later; what was to be written may be in place.
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
    if durable:
        _sync_folder(path.parent)


def _mode_for(path: Path) -> int:
    """The permissions ``path`` has, or those a newly created file gets."""
    try:
        return path.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable, where the system lets a folder be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


#: What flock(2) answers where the file system has none.
_WITHOUT_FLOCK = frozenset([errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.ENOSYS])


@contextlib.contextmanager
def locked(path: Path, patience: float = LOCK_PATIENCE) -> Iterator[None]:
    """Let one process at a time do what is in the block.

    The lock is one of the system's on the file ``path`` (flock(2)): it ends with the process that
    holds it, however that ends. Waits ``patience`` seconds for the other to finish, then raises
    WeeknotesError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise _no_lock(path, error) from error
    try:
        deadline = time.monotonic() + patience
        try:
            _wait_for(descriptor, path, deadline)
        except OSError as error:
            if error.errno not in _WITHOUT_FLOCK:
                raise _no_lock(path, error) from error
            with _locked_by_name(path, deadline):
                yield
            return
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _locked_by_name(path: Path, deadline: float) -> Iterator[None]:
    """A lock for file systems without flock(2), as some shares are: a file that only one process can
    make. It holds the name of its machine and process; one that a process on this machine has left
    behind is removed."""
    import socket  # Rarely needed, and slow to load.

    held = path.with_name(path.name + ".held")
    mine = f"{socket.gethostname()} {os.getpid()}"
    while True:
        try:
            descriptor = os.open(held, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            if _is_left_behind(held):
                with contextlib.suppress(OSError):
                    held.unlink()
                continue
            if time.monotonic() > deadline:
                raise WeeknotesError(
                    "another weeknotes command is still at work on this journal",
                    file=path,
                    hint=f"Wait until it has finished; or delete {held.name}, if there is none.",
                ) from None
            time.sleep(0.05)
        except OSError as error:
            raise _no_lock(path, error) from error
        else:
            break
    try:
        os.write(descriptor, mine.encode())
        os.close(descriptor)
        yield
    finally:
        with contextlib.suppress(OSError):
            held.unlink()


def _is_left_behind(held: Path) -> bool:
    """Whether the process of this machine that made the lock ``held`` has ended."""
    import socket

    try:
        host, _, number = held.read_text("utf-8").partition(" ")
        if host != socket.gethostname():
            return False
        return not is_running(int(number))
    except (OSError, ValueError):
        return False


def is_running(process: int) -> bool:
    """Whether this machine has a process of that number."""
    if _WINDOWS:
        # Windows would end a process that os.kill is called for, whatever the signal.
        import ctypes

        kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
        handle = kernel.OpenProcess(0x00100000, False, process)  # SYNCHRONIZE
        if not handle:
            return False
        ended = kernel.WaitForSingleObject(handle, 0) == 0
        kernel.CloseHandle(handle)
        return not ended
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _no_lock(path: Path, error: OSError) -> WeeknotesError:
    return WeeknotesError(
        f"{error.strerror or error}; without this lock nothing is written",
        file=path,
        hint="Let the folder be written, or make room.",
    )


def _wait_for(descriptor: int, path: Path, deadline: float) -> None:
    if fcntl is None:
        raise OSError(errno.ENOSYS, "this system has no flock")
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise WeeknotesError(
                    "another weeknotes command is still at work on this journal",
                    file=path,
                    hint="Wait until it has finished, or stop it, and try again.",
                ) from None
            time.sleep(0.05)


@lru_cache(maxsize=1)
def code_fingerprint() -> str:
    """A digest that changes whenever a file of this package does: its code, styles, scripts, templates.

    Everything that Weeknotes remembers between two runs is a result of its inputs and of the code that
    made it. All such results are kept with this one fingerprint, so that an upgrade, or an edit of any
    module, makes them again. A list of the modules that one result depends on would be wrong as soon as
    someone forgets to extend it. Contents are read, not modification times, so that two installations
    of one version agree; reading all of them takes about four milliseconds.
    """
    state = hashlib.blake2b(digest_size=12)
    for folder, folders, names in os.walk(Path(__file__).parent):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            data = Path(folder, name).read_bytes()
            state.update(f"{name} {len(data)}\n".encode())
            state.update(data)
    return state.hexdigest()


def stat_of(path: Path | str) -> list[int] | None:
    """Modification time (ns) and size of the file at ``path``; None where there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 (strings, for thousands of files)
    except OSError:
        return None
    return [status.st_mtime_ns, status.st_size]
