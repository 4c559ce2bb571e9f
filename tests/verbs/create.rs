//! Forms that make objects.

use super::kinds::config_map;

super::cases! {
    create: "create", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"made\"",
        "kubectl create configmap made -n shop";
    create_deployment: "create_deployment", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"web\" tab \"nginx:1.27\"",
        "kubectl create deployment web --image=nginx:1.27 -n shop";
    create_deployment_whole: "create_deployment", ["conf"], |name| vec![config_map(name)], "configmaps shop",
        "\"web\" tab \"registry.example.com:5000/team/api:1\" tab + + tab \"8080\" tab \"sh\" space \"-c\" space \"'echo\" space \"$HOME'\"",
        "kubectl create deployment web --image=registry.example.com:5000/team/api:1 --replicas=3 --port=8080 -n shop -- sh -c 'echo $HOME'";
    create_pod: "create_pod", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"web\" tab \"nginx:1.27\"",
        "kubectl run web --image=nginx:1.27 -n shop";
    create_pod_whole: "create_pod", ["conf"], |name| vec![config_map(name)], "configmaps shop",
        "\"web\" tab \"nginx\" tab \"80\" tab \"A=1,B=x=y\" tab right right tab \"sleep\" space \"60\"",
        "kubectl run web --image=nginx --port=80 --env=A=1 --env=B=x=y --restart=Never -n shop -- sleep 60";
    create_namespace: "create_namespace", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"team-b\"",
        "kubectl create namespace team-b";
    create_configmap: "create_configmap", ["conf"], |name| vec![config_map(name)], "configmaps shop",
        "\"made\" tab \"a.txt\" tab \"it's\" space \"1\" tab \"b\" tab \"x=y\"",
        "kubectl create configmap made --from-literal='a.txt=it'\\''s 1' --from-literal=b=x=y -n shop";
    create_secret: "create_secret", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"made\" tab \"password\" tab \"hunter2\"",
        "kubectl create secret generic made --from-literal=password=hunter2 -n shop";
    create_job: "create_job", ["conf"], |name| vec![config_map(name)], "configmaps shop", "\"once\" tab \"busybox\" tab \"date\"",
        "kubectl create job once --image=busybox -n shop -- date";
    create_cronjob: "create_cronjob", ["conf"], |name| vec![config_map(name)], "configmaps shop",
        "\"often\" tab \"busybox\" tab \"*/5\" space \"*\" space \"*\" space \"*\" space \"*\" tab right tab \"date\"",
        "kubectl create cronjob often --image=busybox --schedule='*/5 * * * *' --restart=Never -n shop -- date";
    create_resourcequota: "create_resourcequota", ["conf"], |name| vec![config_map(name)], "configmaps shop",
        "\"team\" tab \"pods=4,requests.cpu=1500m\"", "kubectl create quota team --hard=pods=4,requests.cpu=1500m -n shop";
    create_limitrange: "create_limitrange", ["conf"], |name| vec![config_map(name)], "configmaps shop",
        "\"limits\" tab tab \"cpu=1,memory=1Gi\" tab \"cpu=10m\" tab \"cpu=500m\" tab \"cpu=100m\"", "echo ";
}
