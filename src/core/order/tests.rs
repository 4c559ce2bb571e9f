use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::core::clock::Time;
use crate::core::store::Delta;
use crate::core::view::{Shared, natural};
use crate::views::REGISTRY;

/// What happens to a table, and what is asked of its order.
#[derive(Clone, Debug)]
enum Step {
    Apply(Vec<(usize, usize)>),
    Delete(usize),
    /// Seconds go by: what is gone is dropped.
    Wait(i64),
    Sort(Option<Sort>),
    Filter(&'static str),
    /// The order is not looked at.
    Away(Box<Step>),
}

fn step() -> impl Strategy<Value = Step> {
    let sort =
        prop::option::of((0usize..7, any::<bool>()).prop_map(|(column, descending)| Sort { column, descending }));
    let step = prop_oneof![
        4 => prop::collection::vec((0usize..90, 0usize..40), 1..9).prop_map(Step::Apply),
        2 => (0usize..90).prop_map(Step::Delete),
        2 => (0i64..4).prop_map(Step::Wait),
        2 => sort.prop_map(Step::Sort),
        1 => prop::sample::select(vec!["", "w", "we", "!web-1", "re:node-1"]).prop_map(Step::Filter),
    ];
    (step, prop::bool::weighted(0.2)).prop_map(|(step, away)| if away { Step::Away(Box::new(step)) } else { step })
}

/// A pod that stands at one of a few places, in one of a few states.
fn pod(at: usize, state: usize) -> Shared {
    let waiting = ["CrashLoopBackOff", "ImagePullBackOff", "Completed", "Running"][state % 4];
    let raw = json!({
        "metadata": {
            "name": format!("web-{}", at / 3), "namespace": format!("team-{}", at % 3), "uid": at.to_string(),
            "resourceVersion": state.to_string(), "creationTimestamp": format!("2025-10-01T00:00:{:02}Z", state % 7)
        },
        "spec": {"nodeName": format!("ip-10-0-1-{}.eu-west-1.compute.internal.node-{}", state % 5, state), "containers": [{"name": "c"}]},
        "status": {"phase": "Running", "podIP": format!("10.0.{}.{}", state % 3, state),
            "containerStatuses": [{"name": "c", "restartCount": state % 5, "state": {"waiting": {"reason": waiting}}}]}
    });
    REGISTRY.view("pods").unwrap().decode(&raw.to_string()).unwrap()
}

struct Desk {
    table: Table,
    order: Order,
    clock: Clock,
    sort: Option<Sort>,
    filter: Filter,
}

impl Desk {
    fn new() -> Self {
        let mut desk = Self {
            table: Table::default(),
            order: Order::default(),
            clock: Clock::at(Time::from_second(1_760_000_000).unwrap()),
            sort: None,
            filter: Filter::default(),
        };
        let rows = (0..80).map(|at| Delta::Apply(pod(at, at % 40)));
        let deltas = std::iter::once(Delta::Listing(None))
            .chain(rows)
            .chain([Delta::Listed(None)]);
        desk.table.fold(deltas.collect(), None, &desk.clock);
        desk
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Apply(pods) => {
                let rows = pods.into_iter().map(|(at, state)| Delta::Apply(pod(at, state)));
                self.table.fold(rows.collect(), None, &self.clock);
            }
            Step::Delete(at) => self.table.fold(vec![Delta::Delete(pod(at, 0))], None, &self.clock),
            Step::Wait(seconds) => {
                let now = Time::from_second(self.clock.now.as_second() + seconds).unwrap();
                self.clock = Clock::at(now);
                self.table.calm(now);
            }
            Step::Sort(sort) => self.sort = sort,
            Step::Filter(text) => self.filter = Filter::parse(text).unwrap(),
            Step::Away(step) => self.take(*step),
        }
    }

    fn refresh(&mut self) {
        let view = REGISTRY.view("pods").unwrap();
        self.order
            .refresh(&self.table, &*view, self.sort, &self.filter, &self.clock);
    }

    /// The visible rows as a plain sort has them.
    fn plain(&self) -> Vec<u32> {
        let view = REGISTRY.view("pods").unwrap();
        let row = |at: &u32| self.table.rows()[*at as usize].object.clone();
        let mut sieve = Sieve::new(&self.filter, &*view, &self.clock);
        let places = 0..self.table.rows().len() as u32;
        let mut places: Vec<u32> = places.filter(|at| sieve.takes(&*row(at))).collect();
        places.sort_by(|a, b| {
            let (a, b) = (row(a), row(b));
            let by_column = self.sort.map(|sort| {
                let (x, y) = (view.sort(&*a, sort.column), view.sort(&*b, sort.column));
                x.table_order(&y, sort.descending)
            });
            let (a, b) = (a.meta(), b.meta());
            let by_name = a.namespace.cmp(&b.namespace).then_with(|| natural(&a.name, &b.name));
            by_column.unwrap_or(Ordering::Equal).then(by_name)
        });
        places
    }
}

proptest! {
    #[test]
    fn rows_that_change_leave_the_order_that_a_plain_sort_makes(steps in prop::collection::vec(step(), 1..30)) {
        let mut desk = Desk::new();
        for step in steps {
            let away = matches!(step, Step::Away(_));
            desk.take(step);
            if !away {
                desk.refresh();
                prop_assert_eq!(desk.order.visible(), desk.plain());
            }
        }
    }
}

#[test]
fn a_few_changes_are_merged_and_many_are_not() {
    let mut desk = Desk::new();
    let generation = desk.table.generation();
    desk.take(Step::Apply(vec![(1, 5), (2, 5), (85, 1)]));
    assert!(Moves::since(&desk.table, generation).is_some());
    desk.take(Step::Apply((0..40).map(|at| (at, 7)).collect()));
    assert!(Moves::since(&desk.table, generation).is_none());
}

#[test]
fn another_view_of_the_rows_keeps_no_order_but_that_of_names() {
    let mut desk = Desk::new();
    desk.sort = Some(Sort {
        column: 3,
        descending: true,
    });
    desk.refresh();
    desk.order.forget_view();
    assert!(desk.order.visible().is_empty());
    desk.refresh();
    assert_eq!(desk.order.visible(), desk.plain());
}
