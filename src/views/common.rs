//! What many views share: columns, cells and ways down.

use std::borrow::Cow;

use crate::core::clock::Clock;
use crate::core::jump::Jump;
use crate::core::reference::Reference;
use crate::core::text::Tone;
use crate::core::view::{Cell, Column, Object, SortKey, Tier, Width};
use crate::model::{Address, Health, LabelSelector, Labels, Meta, Selector};
use crate::relations::kinds;

/// A column that is always shown.
pub const fn column<K>(
    title: &'static str,
    width: Width,
    cell: fn(&K, &Clock) -> Cell,
    sort: fn(&K) -> SortKey<'_>,
) -> Column<K> {
    let tier = Tier::Always;
    Column {
        title,
        width,
        tier,
        cell,
        sort,
    }
}

/// A column of wide tables.
pub const fn wide<K>(
    title: &'static str,
    width: Width,
    cell: fn(&K, &Clock) -> Cell,
    sort: fn(&K) -> SortKey<'_>,
) -> Column<K> {
    let tier = Tier::Wide;
    Column {
        title,
        width,
        tier,
        cell,
        sort,
    }
}

/// The NAME column.
pub const fn name<K: Object>() -> Column<K> {
    column(
        "NAME",
        Width::Fit(80),
        |row, _| Cell::plain(row.meta().name.to_string()),
        |row| SortKey::Name(&row.meta().name),
    )
}

/// The AGE column.
pub const fn age<K: Object>() -> Column<K> {
    column(
        "AGE",
        Width::Age,
        |row, clock| Cell::toned(row.meta().age_text(clock.now), Tone::Muted),
        |row| SortKey::age(row.meta().created),
    )
}

/// The CREATED AT column, of kinds for which the server has no printer of its own.
pub const fn created_at<K: Object>() -> Column<K> {
    column(
        "CREATED AT",
        Width::Fit(20),
        |row, _| Cell::toned(row.meta().created_at_text(), Tone::Muted),
        |row| SortKey::age(row.meta().created),
    )
}

/// The tone of an object's health.
pub fn tone(health: Health) -> Tone {
    match health {
        Health::Good => Tone::Good,
        Health::Busy => Tone::Busy,
        Health::Warn => Tone::Warn,
        Health::Bad => Tone::Error,
        Health::Neutral => Tone::Muted,
    }
}

/// A cell of text; what stands for nothing, such as `<none>`, is muted.
pub fn text(text: &str) -> Cell {
    let tone = if stands_for_nothing(text) {
        Tone::Muted
    } else {
        Tone::Plain
    };
    Cell::toned(text.to_owned(), tone)
}

/// Text as a sort key; what stands for nothing comes last.
pub fn key<'a>(text: impl Into<Cow<'a, str>>) -> SortKey<'a> {
    let text = text.into();
    if text.is_empty() || stands_for_nothing(&text) {
        SortKey::None
    } else {
        SortKey::Text(text)
    }
}

/// An address as a sort key: those of IPv4 by their numbers, others behind them.
pub fn address_key(address: Option<&Address>) -> SortKey<'_> {
    match address {
        None => SortKey::None,
        Some(Address::V4(number)) => SortKey::Number(f64::from(u32::from(*number))),
        Some(Address::Text(text)) => key(&**text),
    }
}

fn stands_for_nothing(text: &str) -> bool {
    text.starts_with('<') && text.ends_with('>')
}

/// A cell of `true` or `false`, as the server's tables have them.
pub fn flag(flag: bool) -> Cell {
    Cell::toned(
        if flag { "true" } else { "false" },
        if flag { Tone::Plain } else { Tone::Muted },
    )
}

/// A number as a sort key.
pub fn count(number: i32) -> SortKey<'static> {
    SortKey::count(i64::from(number))
}

/// A cell of how many there are, in the row's tone where some are missing.
pub fn reached(number: i32, wanted: i32, health: Health) -> Cell {
    Cell::toned(
        number.to_string(),
        if number < wanted { tone(health) } else { Tone::Plain },
    )
}

/// How many of those wanted are there, as a sort key: the most incomplete first.
pub fn ratio(number: i32, wanted: i32) -> SortKey<'static> {
    SortKey::Number(f64::from(number) / f64::from(wanted.max(1)))
}

/// The pods that a selector takes, in the object's namespace. Nothing, where it takes none.
pub fn selected_pods(kind: &str, meta: &Meta, selector: &LabelSelector) -> Option<Jump> {
    selector.selector().map(|selector| pods(kind, meta, selector))
}

/// The pods with these labels, in the object's namespace. Nothing, where there are no labels: they would take all.
pub fn labelled_pods(kind: &str, meta: &Meta, labels: &Labels) -> Option<Jump> {
    (!labels.is_empty()).then(|| pods(kind, meta, &Selector::of(labels)))
}

fn pods(kind: &str, meta: &Meta, selector: &Selector) -> Jump {
    let jump = Jump::to("pods")
        .in_namespace(meta.namespace.as_deref())
        .of(format!("{kind}/{}", meta.name));
    if selector.is_empty() {
        jump
    } else {
        jump.labelled(selector.to_string())
    }
}

/// One object, in a table of its own.
pub fn one(view: &str, namespace: Option<&str>, name: &str) -> Jump {
    Jump::to(view)
        .in_namespace(namespace)
        .fields(format!("metadata.name={name}"))
        .of(name)
}

/// An object that another one names by version and kind, in a table of its own; described, where its kind has none.
pub fn referred(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> Jump {
    let resource = kinds::named(api_version, kind, namespace.is_some());
    let mut view = kind.to_lowercase();
    if !resource.group.is_empty() {
        view = format!("{view}.{}", resource.group);
    }
    let reference = Reference::to(&resource, namespace.unwrap_or_default(), name);
    one(&view, namespace, name).or_described(reference)
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;
    use crate::core::jump::Scope;

    #[test]
    fn what_stands_for_nothing_is_muted() {
        assert_eq!(text("<none>").tone, Tone::Muted);
        assert_eq!(text("web").tone, Tone::Plain);
        assert_eq!(text("").tone, Tone::Plain);
        assert_eq!(key("<none>"), SortKey::None);
        assert_eq!(key("web"), SortKey::text("web"));
    }

    #[test]
    fn addresses_are_ordered_by_their_numbers() {
        let ascending = ["9.255.0.1", "10.0.2.9", "10.0.10.1", "2001:db8::1", "fd00::2"].map(Address::from);
        let ascending: Vec<Option<Address>> = ascending.map(Some).into_iter().chain([None]).collect();
        for pair in ascending.windows(2) {
            let [low, high] = [0, 1].map(|at| address_key(pair[at].as_ref()));
            assert_eq!(low.table_order(&high, false), Ordering::Less, "{pair:?}");
        }
    }

    #[test]
    fn a_selector_leads_to_its_pods() {
        let meta: Meta = serde_json::from_str(r#"{"name":"web","namespace":"shop"}"#).unwrap();
        let selector = serde_json::from_str(r#"{"matchLabels":{"app":"web"}}"#).unwrap();
        let jump = selected_pods("deployment", &meta, &selector).unwrap();
        assert_eq!((jump.view.as_str(), jump.of.as_str()), ("pods", "deployment/web"));
        assert_eq!(jump.labels.as_deref(), Some("app=web"));
        assert_eq!(jump.scope, Some(Scope::one("shop")));
        assert_eq!(selected_pods("deployment", &meta, &LabelSelector::Absent), None);
        assert_eq!(labelled_pods("service", &meta, &Labels::default()), None);
    }
}
