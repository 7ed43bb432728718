/** What `foreyard --help` prints: lines of at most 80 characters. */
export const help = `foreyard: see an Istio service mesh from the command line

  foreyard list overview|meshes|services|workloads [options]
  foreyard graph [options]
  foreyard drilldown NAMESPACE/SERVICE [options]
  foreyard analyze [PATH...] [options]
  foreyard route [PATH...] --from WHO --port N --authority HOST [options]
  foreyard doctor [options]
  foreyard demo serve [--services N] [--port P] [--telemetry v1|v2|ambient]
  foreyard demo manifests [--services N] [--cluster eu|us]

Where to look (list, graph, drilldown, analyze, route, doctor):
  --context NAME        a kubeconfig context; may be given again; the current
                        one unless given
  --kubeconfig FILE     instead of KUBECONFIG and ~/.kube/config
  --prometheus ADDRESS  the metrics store of all contexts; given again, one for
                        each context in their order; or CONTEXT=ADDRESS; found
                        by itself unless given; graph: without a context,
                        only these stores are asked and no cluster
  --demo                the demo mesh instead of a cluster
  --fault NAME          the demo mesh well but for one planted trouble:
                        badVersion, oomKilled, nodePressure, misroutedRule,
                        mtlsMismatch, trippedBreaker; none leaves it well; demo
                        serve and demo manifests take it, too

What to show (list):
  -n, --namespace NAME  only this namespace; may be given again
  --window DURATION     of the rates: 60s unless given; 90, 5m30s, 1h; at most
                        30d; the demo mesh has an hour
  --format table|json   a table unless given

What to explain (drilldown):
  --window DURATION     of the rates: 60s unless given
  --format table|json   text for people unless given

What to draw (graph):
  -n, --namespace NAME  only what flows from or to this namespace; may be given
                        again
  --view versionedApp|app|workload|service|namespace
                        what the nodes are; versionedApp unless given
  --window DURATION     of the rates: 60s unless given
  --at TIME             as it was then: 2026-08-01T12:00:00Z, or seconds since
                        1970; now unless given
  --format json|mermaid|dot
                        JSON unless given

What to check (analyze):
  PATH                  files, folders, patterns such as 'k8s/**/*.yaml', or -
                        for standard input; then no cluster is contacted unless
                        --context, --kubeconfig or --demo names one; without a
                        PATH the cluster is checked
  --files-only, --cluster-only
                        say so explicitly
  -n, --namespace NAME  report on live objects of this namespace only (of the
                        context's unless given), and the namespace of objects
                        in files that say none; may be given again
  -A, --all-namespaces  report on live objects of all namespaces
  --mesh-config FILE, --mesh-networks FILE
                        instead of what the cluster's ConfigMap says
  --istio-version V     whose schemas, where no cluster has its own: 1.24 to
                        1.31, 1.32-dev; 1.31 unless given
  --only CODE,...       only these codes, or analyzers by Istio's name; also
                        switches on what is off unless asked for
  -S, --suppress 'CODE=Kind namespace/name'
                        leave out; * and ? stand for characters; may be given
                        again
  --conditions          with --format json: also the conditions that istiod
                        would set on Gateway API objects
  --fail-on error|warning|info|never
                        from which severity on the exit code is 1; error unless
                        given
  --format text|json|sarif
                        text unless given

Which request (route):
  PATH                  as analyze; files are laid over the live objects where
                        --context, --kubeconfig or --demo names a cluster
  --from sidecar:NAMESPACE[/LABEL=VALUE,...]
                        a client's pod and its labels
  --from gateway:NAMESPACE/LABEL=VALUE[,...]
                        a gateway's pod
  --port N              that the client connects to; of a gateway, the port its
                        pod listens at; 80 unless given
  --authority HOST      the Host header
  --method M, --path P  GET and / unless given
  -H, --header 'NAME: VALUE'
                        may be given again
  --sni NAME            the request comes over TLS, for this server name
  --requests FILE       many: a JSON list of {from, port, request}
  --mesh-config FILE    instead of what the cluster's ConfigMap says
  -n, --namespace NAME  of objects in files that say none; default unless given
  --format text|json    text unless given

The demo mesh (demo serve, demo manifests):
  --services N          how many services, both clusters together; the shop's
                        own two dozen are always there: a smaller N is raised
  --seed N              another world; the same seed gives the same one
  --port P              serve: at http://127.0.0.1:P/metrics; a free port unless
                        given
  --telemetry v1|v2|ambient
                        serve: names and labels of the metrics; v2 unless given;
                        v1 is cluster eu alone, ambient is without sidecars
  --cluster eu|us       manifests: which cluster; eu, which has nearly all of
                        the world, unless given

  -h, --help            this text
  --version             the version

FOREYARD_PROMETHEUS_TOKEN is sent as a bearer token to --prometheus.
Exit codes: 0 all was read, 1 something failed, 2 the command line is wrong;
analyze: 0 nothing found, 1 findings, 2 it could not be checked.
`;
