//! The last events of the object, by its uid, the newest first.

use serde_json::Value;

use super::{Page, Seen};
use crate::core::text::Tone;
use crate::describe::{Answer, EVENTS, EVENTS_BY_NAME, Read, event_age, event_last_seen};

/// How many events are told.
const MOST: usize = 5;

/// Says the newest events, or why there are none to say.
pub fn say(seen: &Seen, by_name: bool, page: &mut Page) {
    page.section(seen.lang.t("preview.events"));
    let tags: &[&str] = if by_name { &[EVENTS, EVENTS_BY_NAME] } else { &[EVENTS] };
    let mut events: Vec<&Value> = Vec::new();
    for tag in tags {
        match seen.related.get(tag) {
            Answer::Items(items) => events.extend(items),
            Answer::Loading => return page.say(Tone::Muted, "…"),
            Answer::Refused(why) => return page.note(Tone::Warn, why),
        }
    }
    if events.is_empty() {
        return page.say(Tone::Muted, seen.lang.t("preview.no_events"));
    }
    events.sort_by_key(|event| std::cmp::Reverse(event_last_seen(event)));
    for event in events.into_iter().take(MOST) {
        let warns = event.key("type").text() == "Warning";
        let text = format!(
            "{} {}: {}",
            event_age(event, seen.clock),
            event.key("reason").text(),
            event.key("message").text().trim()
        );
        page.note(if warns { Tone::Warn } else { Tone::Plain }, text.replace('\n', " "));
    }
}
