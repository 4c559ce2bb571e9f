//! What troubles are called, in English and Japanese: two sentences each, by id.

/// The English sentence of `id`.
pub fn english(id: &str) -> Option<&'static str> {
    MESSAGES.iter().find(|(key, _)| *key == id).map(|(_, text)| *text)
}

/// English: what happened under the id, what to do under the id with `.todo`.
pub const MESSAGES: &[(&str, &str)] = &[
    (
        "kubeconfig.missing",
        "There is no kubeconfig: nothing was found at {paths}.",
    ),
    (
        "kubeconfig.missing.todo",
        "Point --kubeconfig or KUBECONFIG at one, or let your cluster's tool write it (for example: minikube start).",
    ),
    ("kubeconfig.unreadable", "The kubeconfig {path} cannot be read."),
    ("kubeconfig.unreadable.todo", "Check that the file is yours to read."),
    (
        "kubeconfig.broken",
        "{path} is not a valid kubeconfig: the trouble is at line {line}, column {column}.",
    ),
    (
        "kubeconfig.broken.todo",
        "Correct the file there; \"kubectl config view\" says whether it is right.",
    ),
    (
        "kubeconfig.nocontext",
        "The kubeconfig does not say which context to use.",
    ),
    (
        "kubeconfig.nocontext.todo",
        "Choose one with --context, or for good with \"kubectl config use-context\". There are: {known}.",
    ),
    ("kubeconfig.context", "The kubeconfig has no context \"{name}\"."),
    (
        "kubeconfig.context.todo",
        "Choose one of these with --context: {known}.",
    ),
    ("kubeconfig.nocluster", "The context \"{context}\" names no cluster."),
    (
        "kubeconfig.nocluster.todo",
        "Set it with \"kubectl config set-context {context} --cluster=NAME\", or use --cluster.",
    ),
    ("kubeconfig.cluster", "The kubeconfig has no cluster \"{name}\"."),
    (
        "kubeconfig.cluster.todo",
        "Correct the context, or choose one of these with --cluster: {known}.",
    ),
    ("kubeconfig.user", "The kubeconfig has no user \"{name}\"."),
    (
        "kubeconfig.user.todo",
        "Correct the context, or choose one of these with --user: {known}.",
    ),
    (
        "kubeconfig.provider",
        "The kubeconfig's auth-provider \"{name}\" is one that clients no longer have.",
    ),
    (
        "kubeconfig.provider.todo",
        "Move to the provider's credential plugin (for example: gke-gcloud-auth-plugin, kubelogin).",
    ),
    (
        "kubeconfig.authorities",
        "The certificate authorities of this computer cannot be read, and the kubeconfig names none.",
    ),
    (
        "kubeconfig.authorities.todo",
        "Set certificate-authority in the kubeconfig, or install your system's ca-certificates.",
    ),
    ("kubeconfig.empty", "There is no context in the kubeconfig."),
    (
        "kubeconfig.empty.todo",
        "Let your cluster's tool write one (for example: minikube start), or point --kubeconfig or KUBECONFIG at another file.",
    ),
    ("kubeconfig.groups", "Groups are to be impersonated, but no user."),
    ("kubeconfig.groups.todo", "Name the user with --as."),
    (
        "kubeconfig.noserver",
        "The cluster \"{cluster}\" has no server in the kubeconfig.",
    ),
    (
        "kubeconfig.noserver.todo",
        "Set it with \"kubectl config set-cluster {cluster} --server=https://HOST:PORT\".",
    ),
    (
        "kubeconfig.server",
        "The server of the cluster \"{cluster}\" is not a URL: {server}.",
    ),
    (
        "kubeconfig.server.todo",
        "Correct it with \"kubectl config set-cluster {cluster} --server=https://HOST:PORT\".",
    ),
    (
        "kubeconfig.proxy",
        "The proxy in {from} is not an http, https or socks5 URL.",
    ),
    (
        "kubeconfig.proxy.todo",
        "Write it like http://proxy.example.com:3128, or take it out.",
    ),
    ("kubeconfig.credential", "The kubeconfig's {field} cannot be used."),
    (
        "kubeconfig.credential.todo",
        "Correct it, or let your cluster's tool write the kubeconfig again.",
    ),
    (
        "plugin.nocommand",
        "The user's credential plugin has no command in the kubeconfig.",
    ),
    (
        "plugin.nocommand.todo",
        "Set users[].user.exec.command, or let your cluster's tool write the kubeconfig again.",
    ),
    (
        "plugin.version",
        "The credential plugin is configured for \"{version}\", which clients do not speak.",
    ),
    (
        "plugin.version.todo",
        "Set its apiVersion to client.authentication.k8s.io/v1, and update the plugin if it is older than that.",
    ),
    (
        "plugin.interactive",
        "The credential plugin asks questions in a terminal, and konn has the terminal in use: {command}",
    ),
    (
        "plugin.interactive.todo",
        "Log in outside of konn, or set its interactiveMode to IfAvailable if it can do without questions.",
    ),
    (
        "plugin.missing",
        "The credential plugin \"{command}\" is not installed, or not in PATH.",
    ),
    ("plugin.missing.todo", "Install it and try again."),
    ("plugin.start", "The credential plugin \"{command}\" cannot be started."),
    ("plugin.start.todo", "Check that the file may be executed."),
    (
        "plugin.timeout",
        "The credential plugin did not finish within {seconds} s.",
    ),
    (
        "plugin.timeout.todo",
        "It may be waiting for you: run it in another terminal, then try again: {command}",
    ),
    ("plugin.failed", "The credential plugin failed ({status})."),
    (
        "plugin.failed.todo",
        "Run it in another terminal to see more, then try again: {command}",
    ),
    ("plugin.output", "The credential plugin printed no usable credentials."),
    (
        "plugin.output.todo",
        "Run it in another terminal to see what it prints: {command}",
    ),
    (
        "trouble.refused",
        "Nobody listens at {server}: the connection was refused.",
    ),
    (
        "trouble.refused.todo",
        "Check that the cluster \"{cluster}\" runs (for example: minikube status) and that this is its address.",
    ),
    ("trouble.dns", "The name {host} has no address."),
    (
        "trouble.dns.todo",
        "Check the name in the kubeconfig, the network and the VPN.",
    ),
    ("trouble.timeout", "{server} did not answer within {seconds} s."),
    (
        "trouble.timeout.todo",
        "Check the network and the VPN, or allow more time with --request-timeout.",
    ),
    (
        "trouble.connect.timeout",
        "No connection to {server} came about within {seconds} s.",
    ),
    (
        "trouble.connect.timeout.todo",
        "Check the address, the network, the VPN and any firewall in between.",
    ),
    ("trouble.lost", "The connection to {server} went dead."),
    ("trouble.lost.todo", "Check the network and the VPN; konn tries again."),
    ("trouble.unreachable", "There is no way to {server}."),
    ("trouble.unreachable.todo", "Check the network and the VPN."),
    ("trouble.broken", "The connection to {server} broke."),
    (
        "trouble.broken.todo",
        "Try again; if it stays, check that this is the API server's address and port.",
    ),
    (
        "trouble.cert.issuer",
        "The certificate of {server} is signed by nobody the kubeconfig trusts.",
    ),
    (
        "trouble.cert.issuer.todo",
        "Is this the right cluster? If it was made anew, let its tool write the kubeconfig again; else correct certificate-authority.",
    ),
    (
        "trouble.cert.name",
        "The certificate of {server} is for other names: {names}.",
    ),
    (
        "trouble.cert.name.todo",
        "Use one of these names in the kubeconfig's server, or set tls-server-name.",
    ),
    ("trouble.cert.expired", "The certificate of {server} has expired."),
    (
        "trouble.cert.expired.todo",
        "Check this computer's clock; else the cluster's certificates must be renewed (for example: kubeadm certs renew).",
    ),
    ("trouble.cert.notyet", "The certificate of {server} is not valid yet."),
    ("trouble.cert.notyet.todo", "Check this computer's clock."),
    (
        "trouble.cert.v1",
        "The certificate of {server} is of X.509 version 1, which cannot be checked.",
    ),
    (
        "trouble.cert.v1.todo",
        "Have the cluster make certificates of version 3 (MicroK8s: sudo microk8s refresh-certs --cert server.crt).",
    ),
    (
        "trouble.cert.ca",
        "The certificate of {server} is a certificate authority's own, which must not serve as a server's.",
    ),
    (
        "trouble.cert.ca.todo",
        "Have the cluster make a server certificate signed by its authority.",
    ),
    (
        "trouble.cert.client",
        "{server} does not accept the client certificate of the user \"{user}\".",
    ),
    (
        "trouble.cert.client.todo",
        "It may have expired: let your cluster's tool write the kubeconfig again.",
    ),
    ("trouble.tls", "No secure connection to {server} came about."),
    (
        "trouble.tls.todo",
        "Check that this is the API server's address and port, and that nothing in between changes the connection.",
    ),
    ("trouble.notls", "{server} does not speak TLS."),
    (
        "trouble.notls.todo",
        "Write http:// in the kubeconfig's server if that is meant, or correct the port.",
    ),
    ("trouble.needstls", "{server} wants TLS."),
    ("trouble.needstls.todo", "Write https:// in the kubeconfig's server."),
    (
        "trouble.nokubernetes",
        "Something answers at {server}, but it is not a Kubernetes API.",
    ),
    (
        "trouble.nokubernetes.todo",
        "Check the address and port in the kubeconfig; a login page or a proxy may stand in between.",
    ),
    ("trouble.answer", "The answer of {server} could not be understood."),
    (
        "trouble.answer.todo",
        "Try again; if it stays, the server may be of a version that konn does not know.",
    ),
    ("trouble.proxy", "The proxy {proxy} does not lead to {server}."),
    ("trouble.proxy.todo", "Check the proxy, or list the server in NO_PROXY."),
    (
        "trouble.proxy.login",
        "The proxy on the way to {server} wants a user name and a password.",
    ),
    (
        "trouble.proxy.login.todo",
        "Write them into the proxy's URL: http://USER:PASSWORD@HOST:PORT.",
    ),
    (
        "trouble.unauthorized",
        "{server} does not accept the credentials of the user \"{user}\".",
    ),
    (
        "trouble.unauthorized.todo",
        "They may have expired: log in again, or let your cluster's tool write the kubeconfig again.",
    ),
    (
        "trouble.unauthorized.plugin",
        "{server} does not accept what the credential plugin of the user \"{user}\" gave, fresh credentials included.",
    ),
    (
        "trouble.unauthorized.plugin.todo",
        "Log in again with the plugin's tool, then try again: {command}",
    ),
    (
        "trouble.unauthorized.plain",
        "{server} asks who you are, and credentials are not sent without TLS.",
    ),
    (
        "trouble.unauthorized.plain.todo",
        "Write https:// in the kubeconfig's server.",
    ),
    (
        "trouble.provider",
        "The auth-provider of the user \"{user}\" gave no token.",
    ),
    (
        "trouble.provider.todo",
        "Log in again with its tool, or move to a credential plugin.",
    ),
    ("trouble.forbidden", "You may not do this."),
    (
        "trouble.forbidden.todo",
        "Ask for a role that allows it, or use another context.",
    ),
    ("trouble.notfound", "It is not there."),
    (
        "trouble.notfound.todo",
        "It may have been deleted meanwhile: refresh the view.",
    ),
    ("trouble.exists", "There is one of that name already."),
    (
        "trouble.exists.todo",
        "Choose another name, or change the one that is there.",
    ),
    ("trouble.conflict", "Somebody else changed it meanwhile."),
    ("trouble.conflict.todo", "Look at it again, then repeat the change."),
    ("trouble.gone", "The version asked for is too old."),
    ("trouble.gone.todo", "konn reads the list again by itself."),
    ("trouble.invalid", "{server} does not accept this."),
    ("trouble.invalid.todo", "Correct what the server names, then try again."),
    (
        "trouble.toomany",
        "{server} has too much to do, or a PodDisruptionBudget forbids it now.",
    ),
    ("trouble.toomany.todo", "Wait a moment, then try again."),
    ("trouble.server", "{server} has trouble of its own (HTTP {code})."),
    (
        "trouble.server.todo",
        "Try again in a moment; if it stays, look at the API server and etcd.",
    ),
    ("trouble.refusal", "{server} answered with HTTP {code}."),
    (
        "trouble.refusal.todo",
        "Check the address in the kubeconfig and what stands between.",
    ),
    ("trouble.other", "The call to {server} failed."),
    ("trouble.other.todo", "Try again; if it stays, the log says more."),
];

/// Japanese, under the same ids.
pub const MESSAGES_JA: &[(&str, &str)] = &[
    (
        "kubeconfig.missing",
        "kubeconfig がありません。{paths} を探しましたが見つかりませんでした。",
    ),
    (
        "kubeconfig.missing.todo",
        "--kubeconfig または KUBECONFIG で場所を指定するか、クラスターのツールで作成してください (例: minikube start)。",
    ),
    ("kubeconfig.unreadable", "kubeconfig {path} を読み込めません。"),
    (
        "kubeconfig.unreadable.todo",
        "ファイルの読み取り権限を確認してください。",
    ),
    (
        "kubeconfig.broken",
        "{path} は kubeconfig として正しくありません ({line} 行 {column} 列)。",
    ),
    (
        "kubeconfig.broken.todo",
        "該当箇所を修正してください。「kubectl config view」で確認できます。",
    ),
    (
        "kubeconfig.nocontext",
        "kubeconfig に current-context が設定されていません。",
    ),
    (
        "kubeconfig.nocontext.todo",
        "--context で指定するか、「kubectl config use-context」で設定してください。候補: {known}。",
    ),
    (
        "kubeconfig.context",
        "kubeconfig にコンテキスト「{name}」がありません。",
    ),
    (
        "kubeconfig.context.todo",
        "--context で次のいずれかを指定してください: {known}。",
    ),
    (
        "kubeconfig.nocluster",
        "コンテキスト「{context}」にクラスターが設定されていません。",
    ),
    (
        "kubeconfig.nocluster.todo",
        "「kubectl config set-context {context} --cluster=NAME」で設定するか、--cluster で指定してください。",
    ),
    ("kubeconfig.cluster", "kubeconfig にクラスター「{name}」がありません。"),
    (
        "kubeconfig.cluster.todo",
        "コンテキストを修正するか、--cluster で次のいずれかを指定してください: {known}。",
    ),
    ("kubeconfig.user", "kubeconfig にユーザー「{name}」がありません。"),
    (
        "kubeconfig.user.todo",
        "コンテキストを修正するか、--user で次のいずれかを指定してください: {known}。",
    ),
    (
        "kubeconfig.provider",
        "kubeconfig の auth-provider「{name}」は廃止されています。",
    ),
    (
        "kubeconfig.provider.todo",
        "提供元の認証プラグインに移行してください (例: gke-gcloud-auth-plugin、kubelogin)。",
    ),
    (
        "kubeconfig.authorities",
        "このコンピューターの認証局証明書を読み込めず、kubeconfig にも指定がありません。",
    ),
    (
        "kubeconfig.authorities.todo",
        "kubeconfig に certificate-authority を設定するか、OS の ca-certificates をインストールしてください。",
    ),
    ("kubeconfig.empty", "kubeconfig にコンテキストがありません。"),
    (
        "kubeconfig.empty.todo",
        "クラスターのツールで作成するか (例: minikube start)、--kubeconfig または KUBECONFIG で別のファイルを指定してください。",
    ),
    (
        "kubeconfig.groups",
        "偽装するグループが指定されていますが、ユーザーが指定されていません。",
    ),
    ("kubeconfig.groups.todo", "--as でユーザーを指定してください。"),
    (
        "kubeconfig.noserver",
        "kubeconfig のクラスター「{cluster}」に server がありません。",
    ),
    (
        "kubeconfig.noserver.todo",
        "「kubectl config set-cluster {cluster} --server=https://HOST:PORT」で設定してください。",
    ),
    (
        "kubeconfig.server",
        "クラスター「{cluster}」の server が URL として正しくありません: {server}。",
    ),
    (
        "kubeconfig.server.todo",
        "「kubectl config set-cluster {cluster} --server=https://HOST:PORT」で修正してください。",
    ),
    (
        "kubeconfig.proxy",
        "{from} のプロキシが http、https、socks5 の URL ではありません。",
    ),
    (
        "kubeconfig.proxy.todo",
        "http://proxy.example.com:3128 の形式で指定するか、設定を削除してください。",
    ),
    ("kubeconfig.credential", "kubeconfig の {field} を使用できません。"),
    (
        "kubeconfig.credential.todo",
        "値を修正するか、クラスターのツールで kubeconfig を作り直してください。",
    ),
    (
        "plugin.nocommand",
        "kubeconfig の認証プラグインに command が設定されていません。",
    ),
    (
        "plugin.nocommand.todo",
        "users[].user.exec.command を設定するか、クラスターのツールで kubeconfig を作り直してください。",
    ),
    (
        "plugin.version",
        "認証プラグインの apiVersion「{version}」には対応していません。",
    ),
    (
        "plugin.version.todo",
        "apiVersion を client.authentication.k8s.io/v1 に変更し、必要ならプラグインを更新してください。",
    ),
    (
        "plugin.interactive",
        "認証プラグインは対話入力が必要ですが、端末は konn が使用中です: {command}",
    ),
    (
        "plugin.interactive.todo",
        "konn の外でログインしてください。対話なしで動作するプラグインであれば、interactiveMode を IfAvailable に変更してください。",
    ),
    (
        "plugin.missing",
        "認証プラグイン「{command}」がインストールされていないか、PATH にありません。",
    ),
    ("plugin.missing.todo", "インストールしてから、もう一度お試しください。"),
    ("plugin.start", "認証プラグイン「{command}」を起動できません。"),
    ("plugin.start.todo", "ファイルの実行権限を確認してください。"),
    (
        "plugin.timeout",
        "認証プラグインが {seconds} 秒以内に終了しませんでした。",
    ),
    (
        "plugin.timeout.todo",
        "入力待ちの可能性があります。別の端末で次のコマンドを実行してから、もう一度お試しください: {command}",
    ),
    ("plugin.failed", "認証プラグインが失敗しました ({status})。"),
    (
        "plugin.failed.todo",
        "別の端末で次のコマンドを実行して原因を確認し、もう一度お試しください: {command}",
    ),
    (
        "plugin.output",
        "認証プラグインの出力から認証情報を得られませんでした。",
    ),
    (
        "plugin.output.todo",
        "別の端末で次のコマンドを実行し、出力を確認してください: {command}",
    ),
    ("trouble.refused", "{server} への接続が拒否されました。"),
    (
        "trouble.refused.todo",
        "クラスター「{cluster}」が起動しているか (例: minikube status)、アドレスが正しいかを確認してください。",
    ),
    ("trouble.dns", "ホスト名 {host} を解決できません。"),
    (
        "trouble.dns.todo",
        "kubeconfig のホスト名、ネットワーク、VPN を確認してください。",
    ),
    (
        "trouble.timeout",
        "{server} から {seconds} 秒以内に応答がありませんでした。",
    ),
    (
        "trouble.timeout.todo",
        "ネットワークと VPN を確認するか、--request-timeout を長くしてください。",
    ),
    (
        "trouble.connect.timeout",
        "{server} に {seconds} 秒以内に接続できませんでした。",
    ),
    (
        "trouble.connect.timeout.todo",
        "アドレス、ネットワーク、VPN、ファイアウォールを確認してください。",
    ),
    ("trouble.lost", "{server} との接続が途絶えました。"),
    (
        "trouble.lost.todo",
        "ネットワークと VPN を確認してください。konn は再接続を試みます。",
    ),
    ("trouble.unreachable", "{server} に到達できません。"),
    ("trouble.unreachable.todo", "ネットワークと VPN を確認してください。"),
    ("trouble.broken", "{server} との接続が切断されました。"),
    (
        "trouble.broken.todo",
        "もう一度お試しください。続く場合は、API サーバーのアドレスとポートを確認してください。",
    ),
    (
        "trouble.cert.issuer",
        "{server} の証明書は、kubeconfig が信頼する認証局によって署名されていません。",
    ),
    (
        "trouble.cert.issuer.todo",
        "接続先が正しいか確認してください。クラスターを作り直した場合は kubeconfig を再生成し、そうでなければ certificate-authority を修正してください。",
    ),
    (
        "trouble.cert.name",
        "{server} の証明書は別の名前に対するものです: {names}。",
    ),
    (
        "trouble.cert.name.todo",
        "kubeconfig の server をいずれかの名前に変更するか、tls-server-name を設定してください。",
    ),
    ("trouble.cert.expired", "{server} の証明書は有効期限が切れています。"),
    (
        "trouble.cert.expired.todo",
        "このコンピューターの時刻を確認してください。正しければ、クラスターの証明書を更新してください (例: kubeadm certs renew)。",
    ),
    (
        "trouble.cert.notyet",
        "{server} の証明書はまだ有効期間に入っていません。",
    ),
    (
        "trouble.cert.notyet.todo",
        "このコンピューターの時刻を確認してください。",
    ),
    (
        "trouble.cert.v1",
        "{server} の証明書は X.509 バージョン 1 のため検証できません。",
    ),
    (
        "trouble.cert.v1.todo",
        "バージョン 3 の証明書を作り直してください (MicroK8s: sudo microk8s refresh-certs --cert server.crt)。",
    ),
    (
        "trouble.cert.ca",
        "{server} の証明書は認証局自身のもので、サーバー証明書としては使用できません。",
    ),
    (
        "trouble.cert.ca.todo",
        "認証局が署名したサーバー証明書を使用するようにクラスターを設定してください。",
    ),
    (
        "trouble.cert.client",
        "{server} がユーザー「{user}」のクライアント証明書を受け付けません。",
    ),
    (
        "trouble.cert.client.todo",
        "有効期限切れの可能性があります。クラスターのツールで kubeconfig を作り直してください。",
    ),
    ("trouble.tls", "{server} との TLS 接続を確立できませんでした。"),
    (
        "trouble.tls.todo",
        "API サーバーのアドレスとポートが正しいか、途中に通信を書き換える機器がないかを確認してください。",
    ),
    ("trouble.notls", "{server} は TLS で応答していません。"),
    (
        "trouble.notls.todo",
        "HTTP で接続する場合は kubeconfig の server を http:// に変更し、そうでなければポートを修正してください。",
    ),
    ("trouble.needstls", "{server} には TLS での接続が必要です。"),
    (
        "trouble.needstls.todo",
        "kubeconfig の server を https:// に変更してください。",
    ),
    (
        "trouble.nokubernetes",
        "{server} から応答がありましたが、Kubernetes API ではありません。",
    ),
    (
        "trouble.nokubernetes.todo",
        "kubeconfig のアドレスとポートを確認してください。ログインページやプロキシが間にある可能性があります。",
    ),
    ("trouble.answer", "{server} の応答を解釈できませんでした。"),
    (
        "trouble.answer.todo",
        "もう一度お試しください。続く場合は、konn が対応していないバージョンのサーバーの可能性があります。",
    ),
    ("trouble.proxy", "プロキシ {proxy} 経由で {server} に接続できません。"),
    (
        "trouble.proxy.todo",
        "プロキシを確認するか、NO_PROXY にサーバーを追加してください。",
    ),
    (
        "trouble.proxy.login",
        "{server} への経路にあるプロキシで認証が必要です。",
    ),
    (
        "trouble.proxy.login.todo",
        "プロキシの URL にユーザー名とパスワードを含めてください: http://USER:PASSWORD@HOST:PORT。",
    ),
    (
        "trouble.unauthorized",
        "{server} がユーザー「{user}」の認証情報を受け付けません。",
    ),
    (
        "trouble.unauthorized.todo",
        "有効期限切れの可能性があります。再度ログインするか、クラスターのツールで kubeconfig を作り直してください。",
    ),
    (
        "trouble.unauthorized.plugin",
        "{server} がユーザー「{user}」の認証プラグインの認証情報を受け付けません (再取得後も同様)。",
    ),
    (
        "trouble.unauthorized.plugin.todo",
        "プラグインのツールで再度ログインしてから、もう一度お試しください: {command}",
    ),
    (
        "trouble.unauthorized.plain",
        "{server} は認証を求めていますが、TLS なしでは認証情報を送信しません。",
    ),
    (
        "trouble.unauthorized.plain.todo",
        "kubeconfig の server を https:// に変更してください。",
    ),
    (
        "trouble.provider",
        "ユーザー「{user}」の auth-provider からトークンを得られませんでした。",
    ),
    (
        "trouble.provider.todo",
        "該当ツールで再度ログインするか、認証プラグインに移行してください。",
    ),
    ("trouble.forbidden", "この操作は許可されていません。"),
    (
        "trouble.forbidden.todo",
        "必要なロールの付与を依頼するか、別のコンテキストを使用してください。",
    ),
    ("trouble.notfound", "対象が見つかりません。"),
    (
        "trouble.notfound.todo",
        "すでに削除された可能性があります。表示を更新してください。",
    ),
    ("trouble.exists", "同じ名前のものがすでに存在します。"),
    (
        "trouble.exists.todo",
        "別の名前にするか、既存のものを変更してください。",
    ),
    ("trouble.conflict", "他の変更と競合しました。"),
    (
        "trouble.conflict.todo",
        "最新の内容を確認してから、もう一度変更してください。",
    ),
    ("trouble.gone", "要求したバージョンは古すぎて利用できません。"),
    ("trouble.gone.todo", "konn が自動的に一覧を読み込み直します。"),
    ("trouble.invalid", "{server} がこの内容を受け付けません。"),
    (
        "trouble.invalid.todo",
        "サーバーの指摘を修正してから、もう一度お試しください。",
    ),
    (
        "trouble.toomany",
        "{server} が過負荷か、PodDisruptionBudget により現在は実行できません。",
    ),
    ("trouble.toomany.todo", "しばらく待ってから、もう一度お試しください。"),
    ("trouble.server", "{server} でエラーが発生しました (HTTP {code})。"),
    (
        "trouble.server.todo",
        "しばらく待ってからもう一度お試しください。続く場合は API サーバーと etcd を確認してください。",
    ),
    ("trouble.refusal", "{server} が HTTP {code} を返しました。"),
    (
        "trouble.refusal.todo",
        "kubeconfig のアドレスと、途中の経路を確認してください。",
    ),
    ("trouble.other", "{server} への呼び出しに失敗しました。"),
    (
        "trouble.other.todo",
        "もう一度お試しください。続く場合はログを確認してください。",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The `{name}`s of a template, sorted.
    fn names(text: &str) -> Vec<&str> {
        let mut names: Vec<_> = text
            .split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn both_languages_say_the_same_things() {
        assert_eq!(MESSAGES.len(), MESSAGES_JA.len());
        for ((id, english), (same, japanese)) in MESSAGES.iter().zip(MESSAGES_JA) {
            assert_eq!(id, same);
            assert_eq!(names(english), names(japanese), "{id}");
            assert!(japanese.chars().any(|ch| ch as u32 > 0x3000), "{id}");
        }
    }

    #[test]
    fn every_message_has_its_advice_once() {
        for (id, text) in MESSAGES {
            assert_eq!(MESSAGES.iter().filter(|(other, _)| other == id).count(), 1, "{id}");
            let said = text.ends_with(['.', '}']);
            assert!(said, "{id}: {text}");
            if !id.ends_with(".todo") {
                assert!(english(&format!("{id}.todo")).is_some(), "{id}");
            }
        }
    }
}
