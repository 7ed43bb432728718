/** What `foreyard --help` prints: lines of at most 80 characters. */
export const help = `foreyard: see an Istio service mesh from the command line

  foreyard list overview|meshes|services|workloads [options]
  foreyard graph [options]
  foreyard drilldown NAMESPACE/SERVICE [options]
  foreyard doctor [options]
  foreyard demo serve [--services N] [--port P] [--telemetry v1|v2|ambient]
  foreyard demo manifests [--services N] [--cluster eu|us]

Where to look (list, graph, drilldown, doctor):
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
Exit codes: 0 all was read, 1 something failed, 2 the command line is wrong.
`;
