"""Writes src/mock/kinds/descriptions.txt from the schemas that the crate k8s-openapi carries.

Each type of types.txt has a line with its name, a tab and its description, then a line for each field: a tab, the field's
name, `!` if it is required, a tab, its description, and, if only some values are allowed, a tab and those with commas
between. Backslashes, line ends and tabs are escaped.

k8s-openapi does not carry which values are allowed, and calls more fields required than the API does: both are read from the
Go types of k8s.io/api in the module cache (`go mod download k8s.io/api@v0.36.0`), where `+enum` marks what is told as an API
server tells it, and `+optional`, `+required` and `omitempty` what may be left out.
"""
import glob
import json
import os
import re
import subprocess

VERSION = "v1_36"
metadata = json.loads(subprocess.check_output(["cargo", "metadata", "--format-version", "1", "--locked"]))
package = next(package for package in metadata["packages"] if package["name"] == "k8s-openapi")
root = os.path.join(os.path.dirname(package["manifest_path"]), "src", VERSION)

TEXT = r'"((?:[^"\\]|\\.)*)"'
NAME = re.compile(r"fn schema_name\(\).*?\n\s+" + TEXT, re.S)
FIELD = re.compile(r'^ {16}"([^"]+)": ')
DESCRIPTION = re.compile(r'^ {20}(?:"description": |schema_obj\.ensure_object\(\)\.insert\("description"\.into\(\), )' + TEXT)
REQUIRED = re.compile(r'^ {12}"required": \[\n(.*?)^ {12}\]', re.S | re.M)


def plain(text):
    """A Rust string literal's text."""
    text = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda found: chr(int(found[1], 16)), text)
    simple = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: simple[found[1]], text, flags=re.S)


def escaped(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def read(path):
    """The schema's name, description and fields of a source file."""
    source = open(path, encoding="utf-8").read()
    name = NAME.search(source)
    if not name:
        return None
    schema = source[name.end():]
    about = re.search(r'^ {12}"description": ' + TEXT, schema, re.M)
    required = REQUIRED.search(schema)
    required = set(re.findall(TEXT, required[1])) if required else set()
    fields, field = {}, None
    for line in schema.split("\n"):
        if found := FIELD.match(line):
            field = found[1]
        elif field and (found := DESCRIPTION.match(line)):
            fields.setdefault(field, (field in required, plain(found[1])))
    for field in required:
        fields.setdefault(field, (True, ""))
    return name[1], plain(about[1]) if about else "", fields


schemas = {}
for path in sorted(glob.glob(root + "/**/*.rs", recursive=True)):
    if found := read(path):
        schemas[found[0]] = found[1:]

by_last = {}
for name in schemas:
    by_last.setdefault(name.split(".")[-1], []).append(name)


def find(short, fields=()):
    """The schema of a type of types.txt: `Pod`, or `core.v1.Event`; where several have one name, the one with its fields."""
    names = [name for name in by_last.get(short.split(".")[-1], []) if name.endswith("." + short)]
    names.sort(key=lambda name: (-len(set(fields) & set(schemas[name][1])), not re.search(r"\.v\d+\.[^.]+$", name)))
    return names[0] if names else None


def comment_above(source, at):
    """The text of the `//` lines above a place."""
    told = []
    for line in reversed(source[:at].rstrip("\n").split("\n")):
        if not line.strip().startswith("//"):
            break
        told.insert(0, line.strip()[2:].strip())
    return told


def types_of(folder):
    """Of a Go package: the values of each `+enum` type with what is said of them, each field's type and whether it is a list or
    map of it, and which fields are optional."""
    values, types, fields, optional, embedded = {}, set(), {}, {}, {}
    for path in sorted(glob.glob(folder + "/*types*.go")):
        source = open(path, encoding="utf-8").read()
        for found in re.finditer(r"^type (\w+) string", source, re.M):
            if "+enum" in comment_above(source, found.start()):
                types.add(found[1])
        for found in re.finditer(r'^\t(\w+) +(?:(\w+) += +"([^"]*)"|= +(\w+)\("([^"]*)"\))', source, re.M):
            name, kind, value = found[1], found[2] or found[4], found[3] if found[2] else found[5]
            told = " ".join(line for line in comment_above(source, found.start()) if not line.startswith("+"))
            values.setdefault(kind, {})[value] = re.sub(r"\s+", " ", told.removeprefix(name).strip())
        for found in re.finditer(r"^type (\w+) struct \{\n(.*?)^\}", source, re.M | re.S):
            # The fields of an ephemeral container stand in a struct of their own.
            name = found[1].removesuffix("Common")
            embedded[name] = re.findall(r'^\t(\w+) +`json:",inline"', found[2], re.M)
            for field in re.finditer(r'^\t(?:\w+ +)?(?:\*|\[\]|map\[\w+\])*([\w.]+) +`.*?json:"(\w+)([^"]*)', found[2], re.M):
                fields[name, field[2]] = field[1], bool(re.match(r"\t\w+ +\*?(\[\]|map\[)", field[0]))
                marks = comment_above(found[2], field.start())
                left_out = "omitempty" in field[3] and "+required" not in marks
                optional[name, field[2]] = "+optional" in marks or left_out
    for name, inner in embedded.items():
        optional |= {(name, field): may for (kind, field), may in optional.items() if kind in inner}
    return {kind: told for kind, told in values.items() if kind in types}, fields, optional


go = subprocess.check_output(["go", "env", "GOMODCACHE"], text=True).strip()
core = types_of(go + "/k8s.io/api@v0.36.0/core/v1")[0]
enums, optional = {}, {}
for folder in glob.glob(go + "/k8s.io/api@v0.36.0/*/*/"):
    group, version = folder.rstrip("/").split("/")[-2:]
    own, fields, may = types_of(folder)
    for (kind, field), (of, many) in fields.items():
        allowed = own.get(of) or core.get(of.removeprefix("v1.") if of.startswith("v1.") else None)
        if allowed:
            enums[f"io.k8s.api.{group}.{version}.{kind}", field] = allowed, many
    optional.update({(f"io.k8s.api.{group}.{version}.{kind}", field): told for (kind, field), told in may.items()})


def with_values(text, allowed):
    """The description of a field of which only some values are allowed, as kube-openapi writes it."""
    lines = [f' - `"{value}"` {said}'.rstrip() for value, said in sorted(allowed.items())]
    return "\n".join([text + "\n", "Possible enum values:", *lines])


lines = []
for row in open("src/mock/kinds/types.txt", encoding="utf-8"):
    short, *fields = row.split()
    known = [field.rsplit(":", 1)[0] for field in fields]
    name = find(short, known)
    if not name:
        continue
    about, told = schemas[name]
    lines.append(f"{short}\t{escaped(about)}")
    known += [field for field in ("apiVersion", "kind") if "metadata" in known and field not in known]
    for field in sorted(known):
        if field in told:
            must, text = told[field]
            # k8s-openapi wants metadata everywhere.
            must = must and not optional.get((name, field), field == "metadata")
            if not (must or text):
                continue
            allowed, many = enums.get((name, field), (None, False))
            # Of a list or map the values are its elements', which the description does not tell.
            text = with_values(text, allowed) if allowed and not many else text
            line = f"\t{field}{'!' if must else ''}\t{escaped(text)}"
            lines.append(line + ("\t" + ",".join(sorted(allowed)) if allowed else ""))
# What fields of plain types are made of.
for short in ("FieldsV1", "IntOrString", "MicroTime", "Quantity", "Time"):
    lines.append(f"{short}\t{escaped(schemas[find(short)][0])}")
with open("src/mock/kinds/descriptions.txt", "w", encoding="utf-8") as out:
    out.write("\n".join(lines) + "\n")
