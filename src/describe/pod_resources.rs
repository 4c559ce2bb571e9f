//! What a pod claims of its node, as `PodRequests` and `PodLimits` in Kubernetes' component-helpers: containers and sidecars
//! together, or the hungriest moment of the init containers if that is more; then what the pod as a whole sets; then its
//! overhead.

use serde_json::Value;

use super::amounts::{self, Amounts};
use super::value::Read;

/// The pod's requests: what its containers ask for, or were given where that is more, as during a resize.
pub fn requests(pod: &Value) -> Amounts {
    let mut sum = containers(pod, "requests");
    whole_pod(pod, "requests", &mut sum);
    amounts::add(&mut sum, &amounts::amounts(pod.at("spec.overhead")));
    sum
}

/// The pod's limits; overhead only raises a limit that there is.
pub fn limits(pod: &Value) -> Amounts {
    let mut sum = containers(pod, "limits");
    whole_pod(pod, "limits", &mut sum);
    let mut overhead = amounts::amounts(pod.at("spec.overhead"));
    overhead.retain(|name, _| sum.get(name).is_some_and(|limit| !limit.is_zero()));
    amounts::add(&mut sum, &overhead);
    sum
}

/// CPU, memory and huge pages that the pod sets as a whole take the place of the sums.
fn whole_pod(pod: &Value, list: &str, sum: &mut Amounts) {
    let whole = amounts::amounts(pod.at("spec.resources").key(list));
    let supported = |name: &str| matches!(name, "cpu" | "memory") || name.starts_with("hugepages-");
    sum.extend(whole.into_iter().filter(|(name, _)| supported(name)));
}

fn containers(pod: &Value, list: &str) -> Amounts {
    let infeasible = resize_is_infeasible(pod);
    aggregate(pod, |container, keeps_running| {
        let own = amounts::amounts(container.at("resources").key(list));
        let status = status(pod, container.key("name").text());
        if !keeps_running || !status.key("resources").is_set() {
            return own;
        }
        let mut highest = amounts::amounts(status.key("resources").key(list));
        if list == "requests" {
            amounts::raise(&mut highest, &amounts::amounts(status.key("allocatedResources")));
        }
        if !infeasible {
            amounts::raise(&mut highest, &own);
        }
        highest
    })
}

/// The sum over the containers and sidecars, or what an init container needs together with the sidecars started before it,
/// if that is more. `of` hears of a container whether it runs as long as the pod does.
fn aggregate(pod: &Value, of: impl Fn(&Value, bool) -> Amounts) -> Amounts {
    let mut sum = Amounts::new();
    for container in pod.at("spec.containers").list() {
        amounts::add(&mut sum, &of(container, true));
    }
    let (mut sidecars, mut starting) = (Amounts::new(), Amounts::new());
    for container in pod.at("spec.initContainers").list() {
        let is_sidecar = container.key("restartPolicy").text() == "Always";
        let own = of(container, is_sidecar);
        if is_sidecar {
            amounts::add(&mut sum, &own);
            amounts::add(&mut sidecars, &own);
            amounts::raise(&mut starting, &sidecars);
        } else {
            let mut together = own;
            amounts::add(&mut together, &sidecars);
            amounts::raise(&mut starting, &together);
        }
    }
    amounts::raise(&mut sum, &starting);
    sum
}

fn status<'a>(pod: &'a Value, name: &str) -> &'a Value {
    let lists = ["status.containerStatuses", "status.initContainerStatuses"]
        .into_iter()
        .flat_map(|list| pod.at(list).list());
    lists
        .into_iter()
        .find(|status| status.key("name").text() == name)
        .unwrap_or(&Value::Null)
}

fn resize_is_infeasible(pod: &Value) -> bool {
    let conditions = pod.at("status.conditions").list();
    let resize = conditions
        .iter()
        .find(|condition| condition.key("type").text() == "PodResizePending");
    resize.is_some_and(|condition| condition.key("reason").text() == "Infeasible")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn cpu(amounts: Amounts) -> String {
        amounts.get("cpu").map_or_else(|| "-".to_owned(), ToString::to_string)
    }

    fn container(name: &str, cpu: &str) -> Value {
        json!({"name": name, "resources": {"requests": {"cpu": cpu}, "limits": {"cpu": cpu}}})
    }

    fn sidecar(name: &str, cpu: &str) -> Value {
        let mut sidecar = container(name, cpu);
        sidecar["restartPolicy"] = json!("Always");
        sidecar
    }

    #[test]
    fn init_containers_and_sidecars_count_as_the_scheduler_counts() {
        for (init, expected) in [
            (vec![], "300m"),
            (vec![container("i", "200m")], "300m"),
            (vec![container("i", "1")], "1"),
            (vec![sidecar("s", "500m")], "800m"),
            (vec![sidecar("s", "500m"), container("i", "400m")], "900m"),
            (vec![container("i", "400m"), sidecar("s", "500m")], "800m"),
        ] {
            let pod = json!({"spec": {"containers": [container("a", "100m"), container("b", "200m")], "initContainers": init}});
            assert_eq!(cpu(requests(&pod)), expected);
            assert_eq!(cpu(limits(&pod)), expected);
        }
    }

    #[test]
    fn overhead_raises_requests_and_only_limits_that_there_are() {
        let mut pod = json!({"spec": {"overhead": {"cpu": "50m"}, "containers": [{"name": "a"}]}});
        assert_eq!(cpu(requests(&pod)), "50m");
        assert_eq!(cpu(limits(&pod)), "-");
        pod["spec"]["containers"] = json!([container("a", "1")]);
        assert_eq!(cpu(limits(&pod)), "1050m");
        pod["spec"]["resources"] = json!({"requests": {"cpu": "2"}});
        assert_eq!(cpu(requests(&pod)), "2050m");
    }

    #[test]
    fn a_resize_in_flight_counts_the_larger() {
        let mut pod = json!({"spec": {"containers": [container("a", "1")]}, "status": {"containerStatuses": [
            {"name": "a", "allocatedResources": {"cpu": "3"}, "resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "4"}}}]}});
        assert_eq!(cpu(requests(&pod)), "3");
        assert_eq!(cpu(limits(&pod)), "4");
        pod["status"]["containerStatuses"][0] =
            json!({"name": "a", "resources": {"requests": {"cpu": "500m"}}, "allocatedResources": {"cpu": "500m"}});
        pod["status"]["conditions"] = json!([{"type": "PodResizePending", "reason": "Infeasible"}]);
        assert_eq!(cpu(requests(&pod)), "500m");
    }

    #[test]
    fn what_an_init_container_was_given_counts_only_of_sidecars() {
        for (init, expected) in [(container("i", "100m"), "100m"), (sidecar("i", "100m"), "2100m")] {
            let pod = json!({"spec": {"containers": [container("a", "100m")], "initContainers": [init]},
                "status": {"initContainerStatuses": [{"name": "i", "resources": {"requests": {"cpu": "2"}}}]}});
            assert_eq!(cpu(requests(&pod)), expected);
        }
    }
}
