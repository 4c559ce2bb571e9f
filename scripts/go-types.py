"""Writes src/mock/kinds/go_types.txt from the internal Go types of Kubernetes (pkg/apis), whose source is in the folder given.

What a server refuses, it shows as Go prints its internal type: other names than those of the API, in the order of the struct.
Run: python3 scripts/go-types.py ~/src/kubernetes
"""
import re, sys

API = sys.argv[1] + "/pkg/apis/"
ROOTS = [("core", "PodTemplateSpec"), ("core", "Taint"), ("apps", "DeploymentStrategy"), ("apps", "DaemonSetUpdateStrategy"),
         ("apps", "StatefulSetUpdateStrategy"), ("policy", "PodDisruptionBudgetSpec"), ("batch", "PodFailurePolicy"), ("batch", "SuccessPolicy")]
structs, named = {}, {}
for package in ("core", "apps", "policy", "batch"):
    text = open(f"{API}{package}/types.go", encoding="utf-8").read()
    for found in re.finditer(r"^type (\w+) struct \{\n(.*?)^\}", text, re.M | re.S):
        lines = [re.sub(r"\s*(//.*|`.*`)$", "", line).split() for line in found[2].split("\n")]
        structs[package, found[1]] = [line for line in lines if line and not line[0].startswith("//")]
    for found in re.finditer(r"^type (\w+) ([\w\[\]\*\.]+)\s*$", text, re.M):
        if found[2] != "struct":
            named[package, found[1]] = found[2]
PLAIN = {"string": "s", "bool": "b", "int32": "i", "int64": "i", "int": "i", "resource.Quantity": "q", "intstr.IntOrString": "x",
         "metav1.Time": "t", "metav1.LabelSelector": "L", "types.UID": "s", "[]byte": "*"}
wanted, seen = [], set()


def code(package, kind):
    if kind in PLAIN:
        return PLAIN[kind]
    if kind.startswith("*"):
        return "?" + code(package, kind[1:])
    if kind.startswith("[]"):
        return "[" + code(package, kind[2:])
    if kind.startswith("map["):
        return "{" + code(package, kind[kind.index("]") + 1:])
    if "." in kind:
        where, name = kind.split(".")
        where = {"api": "core"}.get(where, where)
        if where not in ("core", "apps", "policy", "batch"):
            return "*"
        package, kind = where, name
    if (package, kind) in named:
        return code(package, named[package, kind])
    if (package, kind) not in structs:
        return "*"
    if (package, kind) not in seen:
        seen.add((package, kind))
        wanted.append((package, kind))
    return "@" + kind


def served(kind):
    """The names of a type's fields as the API has them, lower case first."""
    for row in open("src/mock/kinds/types.txt", encoding="utf-8"):
        name, _, fields = row.rstrip("\n").partition(" ")
        if name in (kind, "core.v1." + kind):
            return {field.rsplit(":", 1)[0].lower(): field.rsplit(":", 1)[0] for field in fields.split()}
    return {}


def fields(package, kind, names):
    for line in structs[package, kind]:
        if len(line) == 1:
            inner = line[0].lstrip("*")
            if inner.startswith("metav1."):
                yield "+" + inner.split(".")[1]
                continue
            yield from fields(package, inner, {**served(inner), **names})
            continue
        name, kind_of = line[0], line[1]
        yield f"{name}:{names.get(name.lower(), name[0].lower() + name[1:])}:{code(package, kind_of)}"


for root in ROOTS:
    code(root[0], root[1])
rows = []
while wanted:
    package, kind = wanted.pop(0)
    rows.append(kind + " " + " ".join(fields(package, kind, served(kind))))
open("src/mock/kinds/go_types.txt", "w", encoding="utf-8").write("\n".join(sorted(rows)) + "\n")
