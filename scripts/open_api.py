"""Writes src/mock/kinds/open_api.txt from the OpenAPI documents of a Kubernetes 1.36 API server, which kubectl reaches.

Lines have parts with tabs between, and the first part says what they tell of:

T: a type of types.txt, its package, and then what its fields are marked with. A field is its name and marks with spaces
   between: `list=` the kind of list, `keys=` what tells elements of a list apart, `patch=` and `key=` how it is patched, `map=`
   the kind of map, `default=` and `each=` in JSON what it, or what it holds, is if it is not given. Marks without a name are the
   type's own, among them `unions=` in JSON and `required=` where the required fields stand in no order.
L: a list of a kind, by its whole name: its description, and those of its items and its metadata.
S: any other type that operations need, by its whole name: its schema in JSON.
"""
import json
import subprocess

MARKS = [("list", "x-kubernetes-list-type"), ("keys", "x-kubernetes-list-map-keys"), ("patch", "x-kubernetes-patch-strategy"),
         ("key", "x-kubernetes-patch-merge-key"), ("map", "x-kubernetes-map-type"), ("default", "default"),
         ("unions", "x-kubernetes-unions")]
REFERENCE = "#/components/schemas/"


def get(path):
    return json.loads(subprocess.check_output(["kubectl", "get", "--raw", path]))


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def escaped(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def marks(schema):
    """What a schema is marked with."""
    told = []
    for short, name in MARKS:
        if name in schema:
            value = schema[name]
            plain = ",".join(value) if short == "keys" else value if short not in ("default", "unions") else compact(value)
            told.append(f"{short}={plain}")
    for part in ("items", "additionalProperties"):
        inner = schema.get(part)
        if isinstance(inner, dict) and "default" in inner:
            told.append(f"each={compact(inner['default'])}")
    return " ".join(told)


schemas = {}
for path, where in get("/openapi/v3")["paths"].items():
    if "example.com" not in path and "openshift" not in path and path.startswith("api"):
        schemas |= get(where["serverRelativeURL"]).get("components", {}).get("schemas", {})

def shape(schema):
    """A field's schema without what is said of it elsewhere."""
    inner = schema["allOf"][0] if "allOf" in schema else schema
    return {name: inner[name] for name in ("$ref", "type", "format", "items", "additionalProperties") if name in inner}


types = {row.split()[0]: dict(field.rsplit(":", 1) for field in row.split()[1:])
         for row in open("src/mock/kinds/types.txt", encoding="utf-8") if row.strip()}
types |= dict.fromkeys(("FieldsV1", "IntOrString", "MicroTime", "Quantity", "Time"), {})
found, lines = {}, []
for short, fields in types.items():
    names = [name for name in schemas if name.endswith("." + short)]
    names.sort(key=lambda name: -len(set(fields) & set(schemas[name].get("properties", {}))))
    if not names:
        continue
    full = names[0]
    found[full] = short
    parts = ["T", short, full.rsplit(".", 1)[0]]
    own = marks(schemas[full])
    required = schemas[full].get("required", [])
    if required != sorted(required):
        own = f"{own} required={','.join(required)}".strip()
    parts += [" " + own] if own else []
    for field, schema in sorted(schemas[full].get("properties", {}).items()):
        told = marks(schema)
        if "*" in fields.get(field, "") and (unlike := shape(schema)) != {"type": "object"}:
            told = f"is={compact(unlike)} {told}".strip()
        if told:
            parts.append(f"{field} {told}")
    lines.append("\t".join(parts))

lists, others = [], []
for name, schema in sorted(schemas.items()):
    about = schema.get("properties", {})
    item = about.get("items", {}).get("items", {})
    of = (item.get("$ref") or item.get("allOf", [{}])[0].get("$ref", "")).removeprefix(REFERENCE)
    if name == of + "List" and of in found:
        told = [schema, about["items"], about.get("metadata", {})]
        lists.append("\t".join(["L", name, *(escaped(part.get("description", "")) for part in told)]))
    elif name not in found and not name.startswith("com."):
        for text in ("apiVersion", "kind"):
            # These are told by the rule.
            if about.get(text, {}).get("description", "").startswith(("APIVersion defines", "Kind is a string")):
                del about[text]["description"]
        if len(schema.get("x-kubernetes-group-version-kind", [])) > 1:
            del schema["x-kubernetes-group-version-kind"]
        others.append("\t".join(["S", name, compact(schema)]))
with open("src/mock/kinds/open_api.txt", "w", encoding="utf-8") as out:
    out.write("\n".join(lines + lists + others) + "\n")
