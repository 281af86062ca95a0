namespace ExplicitCluster.EndToEnd.Tests.BadInputs;

/// <summary>Small specifications without mistakes, over files beside them.</summary>
internal static class SpecificationText
{
    public const string Idx = """
        name: small
        data:
          train: { format: idx, images: images, labels: labels }
        features: pixels
        solve: { k: 2, alpha: 0.1 }
        """;

    public const string Csv = """
        name: small
        data:
          train: { format: csv, path: table, label: c }
        features: pixels
        solve: { k: 2, alpha: 0.1 }
        """;
}
