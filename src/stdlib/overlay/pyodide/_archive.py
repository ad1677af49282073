"""Unpacking of archives, for JavaScript and for answers of pyfetch()."""


def unpack(data, name, format=None, folder=None):
    """Unpacks bytes into a folder. The format has a name of shutil's, or is a file's ending; without it the name's ending says."""
    import io
    import shutil

    kinds = {ending: kind for kind, endings, *_ in shutil.get_unpack_formats() for ending in (kind, *endings)}
    kinds |= {".whl": "zip", ".wheel": "zip"}
    if format is not None:
        kind = kinds.get(format) or kinds.get("." + format.lstrip("."))
        if kind is None:
            raise ValueError(f"Unknown unpack format '{format}'")
    else:
        kind = next((kinds[ending] for ending in kinds if ending.startswith(".") and name.endswith(ending)), None)
        if kind is None:
            raise shutil.ReadError(f"Unknown archive format '{name}'")
    file = io.BytesIO(bytes(data))
    if kind == "zip":
        import zipfile

        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder or ".")
    elif kind in ("tar", "gztar", "bztar", "xztar", "zstdtar"):
        import tarfile

        with tarfile.open(fileobj=file) as archive:
            archive.extractall(folder or ".", filter="data")
    else:
        import tempfile

        with tempfile.NamedTemporaryFile() as copy:
            copy.write(file.getvalue())
            copy.flush()
            shutil.unpack_archive(copy.name, folder, kind)
