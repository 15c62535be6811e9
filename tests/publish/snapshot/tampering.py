"""Random single changes to a published folder, each of one kind: a byte, a cut, a new file, a loss, a swap, a link ..."""

import shutil


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def flip(folder, rng):
    path = rng.choice([one for one in files_of(folder) if one.stat().st_size])
    data = bytearray(path.read_bytes())
    place = rng.randrange(len(data))
    data[place] ^= 1 << rng.randrange(8)
    path.write_bytes(data)
    return f"bit of {path.name} at {place}"


def cut(folder, rng):
    path = rng.choice([one for one in files_of(folder) if one.stat().st_size])
    with path.open("r+b") as stream:
        stream.truncate(rng.randrange(path.stat().st_size))
    return f"cut {path.name}"


def append(folder, rng):
    path = rng.choice(files_of(folder))
    with path.open("ab") as stream:
        stream.write(rng.choice((b" ", b"\n", b"\0", b"x", b"{}")))
    return f"append to {path.name}"


def insert(folder, rng):
    path = rng.choice(files_of(folder))
    data = path.read_bytes()
    place = rng.randrange(len(data) + 1)
    path.write_bytes(data[:place] + rng.choice((b" ", b"\n", b",", b"0")) + data[place:])
    return f"insert into {path.name} at {place}"


def remove(folder, rng):
    path = rng.choice(files_of(folder))
    path.unlink()
    return f"remove {path.name}"


def add(folder, rng):
    parent = rng.choice([folder, *(path for path in folder.rglob("*") if path.is_dir())])
    path = parent / rng.choice(
        ("new.html", "index2.html", ".hidden", "2.root.json", "9.root.json", "x.sig", "targets2.json")
    )
    path.write_bytes(rng.randbytes(rng.randrange(40)))
    return f"add {path.name}"


def add_folder(folder, rng):
    (folder / f"empty{rng.randrange(9)}").mkdir()
    return "empty folder"


def swap(folder, rng):
    while True:
        one, other = rng.sample(files_of(folder), 2)
        if one.read_bytes() != other.read_bytes():
            break
    kept = one.read_bytes()
    shutil.copyfile(other, one)
    other.write_bytes(kept)
    return f"swap {one.name} and {other.name}"


def rename(folder, rng):
    path = rng.choice(files_of(folder))
    path.rename(path.with_name(path.name + "x"))
    return f"rename {path.name}"


def link(folder, rng):
    path = rng.choice(files_of(folder))
    copy = folder.parent / f"outside-{path.name}"
    path.rename(copy)
    path.symlink_to(copy)
    return f"link in place of {path.name}"


KINDS = (flip, flip, flip, flip, cut, append, insert, insert, remove, add, add_folder, swap, rename, link)


def change(folder, rng):
    """One change at random; says what it was."""
    return rng.choice(KINDS)(folder, rng)
