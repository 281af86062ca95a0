namespace ExplicitCluster.Cluster.Tests;

internal enum JobKind
{
    Texts,
    Language,
    Layers,
}
