namespace ExplicitCluster.Client.Tests.Specifications;

/// <content>Mixed rows, where each map has a K of its own.</content>
internal static partial class BadSpecifications
{
    private static IEnumerable<BadSpecification> Groups =>
    [
        Case(Grouped("features: [pixels, { map: bins, levels: [32] }]", "refine: { method: sweeps }"),
            "spec.yaml:7: 'refine' moves the weights of one encoding, and 'solve.k' is 'groups'; remove it, or give k as a number, a list or auto"),
        Case(Grouped("features: { map: bins, levels: [32] }", "compact: 2"),
            "spec.yaml:7: 'compact' merges codes under one K, and 'solve.k' is 'groups'; remove it, or give k as a number, a list or auto"),
        Case(Spec(features: "features: pixels", extra: "solve: { k: groups, alpha: 0.1, classWeights: balanced }"),
            "spec.yaml:6: 'solve.classWeights' needs one number for k and for alpha where features are of numbers: leave-one-out chooses for rows that count alike"),
        Case(Spec(features: "features: [pixels, { map: bins, levels: [32] }]", extra: "solve: { k: group }"), [],
            ["spec.yaml:5: mixed features: 'pixels' is dense and 'bins' makes blocks, and one row is either; use pixels and complement together, or bins, patches and orientations together, or give each map a K of its own with solve.k: groups",
             "spec.yaml:6: 'solve.k' is 'group'; expected auto, a number above 0, or a list of such numbers, e.g. k: [4, 8, 16]"]),
        Case(Layered("features: { map: bins, levels: [128] }, solve: { k: groups }"),
            "spec.yaml:6: 'k: groups' is of the top layer; move it to 'solve' at the root, or list a layer for each map"),
        Case(Spec(train: TextRows, test: TextTest, features: "features: words", extra: "solve: { k: groups }"),
            "spec.yaml:6: 'solve.k' is 'groups', which is of images and tables; groups of texts are fitted with solve.temperatures"),
    ];

    private static string Grouped(string features, string extra) => Spec(features: features, extra: $"solve: {{ k: groups }}\n{extra}");
}
