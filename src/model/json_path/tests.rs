//! `kubectl get -o custom-columns` finds the same, but for what it cannot be asked (a comma ends its column), for `$`,
//! which it takes for nothing, and for an index that is not there, for which it refuses the whole table.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn object() -> Value {
    json!({
        "kind": "Pod",
        "metadata": {"name": "web-0", "labels": {"app": "web", "app.kubernetes.io/name": "shop"}, "generation": 3},
        "spec": {"replicas": 2.5, "tiny": 1e-7, "none": null, "empty": [],
            "containers": [
                {"name": "a", "image": "nginx:1", "ports": [{"containerPort": 80}, {"containerPort": 443}], "tty": true},
                {"name": "b", "image": "redis:7", "ports": [{"containerPort": 6379}]},
                {"name": "c", "image": "busybox"}]},
        "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "PodScheduled", "status": "False"}]}
    })
}

#[test]
fn paths_find_what_kubectl_finds() {
    for (path, wanted) in [
        (".metadata.name", "web-0"),
        ("metadata.name", "web-0"),
        ("{.metadata.name}", "web-0"),
        ("{metadata.name}", "web-0"),
        ("$.metadata.name", "web-0"),
        (".metadata['name']", "web-0"),
        (r".metadata.labels['app\.kubernetes\.io/name']", "shop"),
        (r".metadata.labels.app\.kubernetes\.io/name", "shop"),
        (".metadata['name','generation']", "web-0,3"),
        (".metadata.nothing", "<none>"),
        (".metadata.nothing.more[0]", "<none>"),
        (".spec.none", "<nil>"),
        (".spec.empty", "[]"),
        (".spec.empty[*]", "<none>"),
        (".spec.replicas", "2.5"),
        (".spec.tiny", "1e-07"),
        (".spec.containers[0].name", "a"),
        (".spec.containers[-1].name", "c"),
        (".spec.containers[*].name", "a,b,c"),
        (".spec.containers[0:2].name", "a,b"),
        (".spec.containers[1:].name", "b,c"),
        (".spec.containers[:-1].name", "a,b"),
        (".spec.containers[::2].name", "a,c"),
        (".spec.containers[0,2].name", "a,c"),
        (".spec.containers[7].name", "<none>"),
        (".spec.containers[0].tty", "true"),
        (".spec.containers[*].ports[*].containerPort", "80,443,6379"),
        (
            ".spec.containers[0].ports",
            "[map[containerPort:80] map[containerPort:443]]",
        ),
        (".metadata.labels", "map[app:web app.kubernetes.io/name:shop]"),
        (".metadata.labels.*", "web,shop"),
        ("..containerPort", "80,443,6379"),
        (".spec..name", "a,b,c"),
        (r#".status.conditions[?(@.type=="Ready")].status"#, "True"),
        (r#".status.conditions[?(@.type!="Ready")].status"#, "False"),
        (r#".status.conditions[?(@.type=='Ready')].status"#, "True"),
        (r#".status.conditions[?(@.type == "Ready")].status"#, "True"),
        (".spec.containers[?(@.ports)].name", "a,b"),
        (".spec.containers[?(@.tty==true)].name", "a"),
        (
            ".spec.containers[0].ports[?(@.containerPort>=443)].containerPort",
            "443",
        ),
        (".spec.containers[0].ports[?(@.containerPort<443)].containerPort", "80"),
        (".kind[0]", "<none>"),
        (".kind.more", "<none>"),
    ] {
        let read: JsonPath = path.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read.text(&object()), wanted, "{path}");
        assert_eq!(read.to_string(), path);
    }
}

#[test]
fn what_is_no_path_says_why() {
    for (path, why) in [
        ("", "it is empty"),
        (".", "it is empty"),
        ("{.a", "the brace does not end"),
        ("{.a}{.b}", "one pair of braces"),
        (".a[0", "a bracket does not end"),
        (".a[x]", "[x] is no index"),
        (".a[0:1:2:3]", "is no index"),
        (".a[99999999999999999999]", "is no index"),
        (".a[?(@.b==\"x\"", "a filter does not end"),
        (".a[?(@.b=~\"x\")]", "=~"),
        (".a[?(@.b===1)]", "=== compares nothing"),
        (".a[?(@.b==\"x)]", "a filter does not end"),
        ("....a", "one recursive descent follows another"),
        (".a range", "the word range"),
        (".a%", ""),
    ] {
        match path.parse::<JsonPath>() {
            Err(error) => assert!(error.to_string().contains(why), "{path}: {error}"),
            Ok(_) => assert_eq!(path, ".a%", "{path} is read"),
        }
    }
    let deep = format!(".a{}", "[?(@".repeat(40) + &")]".repeat(40));
    assert!(deep.parse::<JsonPath>().is_err());
}

#[test]
fn texts_are_bounded() {
    let long = json!({"a": ["x".repeat(3000), "y".repeat(3000)], "b": vec![1; 20_000]});
    let text = |path: &str| path.parse::<JsonPath>().unwrap().text(&long);
    assert!(text(".a[*]").len() < 4200);
    assert!(text(".b").len() < 4200);
    assert_eq!(text(".b[*]"), "<none>");
}

proptest! {
    #[test]
    fn no_text_makes_it_fail(text in r#"[.\[\]?@()'"a-c*:,0-9=<>!\\ {}$-]{0,24}"#) {
        if let Ok(path) = text.parse::<JsonPath>() {
            path.text(&object());
            path.text(&json!({"a": [{"b": [1, 2, {"c": "x"}]}, "s", null], "b": {"c": 1.5}}));
            path.text(&Value::Null);
        }
    }

    #[test]
    fn an_index_is_that_of_the_list(items in proptest::collection::vec(0i64..100, 1..9), at in -9i64..9) {
        let path: JsonPath = format!(".a[{at}]").parse().unwrap();
        let length = items.len() as i64;
        let place = if at < 0 { at + length } else { at };
        let wanted = usize::try_from(place).ok().and_then(|place| items.get(place));
        let wanted = wanted.map_or("<none>".to_string(), ToString::to_string);
        prop_assert_eq!(path.text(&json!({"a": items})), wanted);
    }
}

#[test]
fn values_are_found_as_they_are() {
    let object = json!({"spec": {"size": 3, "list": [1, 2]}, "a-b": {"c": "x"},
        "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Other", "status": "False"}]}});
    for (path, expected) in [
        (".spec.size", json!([3])),
        (".spec.list[1]", json!([2])),
        (".spec.list[*]", json!([1, 2])),
        (".spec.list[-1]", json!([2])),
        (".status.conditions[?(@.type==\"Ready\")].status", json!(["True"])),
        (".status.conditions[?(@.type!='Ready')].type", json!(["Other"])),
        ("['a-b'].c", json!(["x"])),
        (".nope.deep", json!([])),
        (".spec.list[", json!([])),
    ] {
        let path = path.parse::<JsonPath>().ok();
        let found = path.as_ref().map(|path| path.find(&object)).unwrap_or_default();
        assert_eq!(json!(found), expected, "{path:?}");
    }
}
