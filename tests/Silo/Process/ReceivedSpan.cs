namespace ExplicitCluster.Silo.Tests.Process;

internal sealed record ReceivedSpan(string Service, string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Attributes);
