namespace ExplicitCluster.Client.Tests.Specifications;

/// <content>Layers.</content>
internal static partial class BadSpecifications
{
    private static IEnumerable<BadSpecification> Layers =>
    [
        Case(Spec(features: "features: layer"),
            "spec.yaml:5: the map 'layer' stands for a layer below, and there is none; add 'layers', or list this layer above another"),
        Case(Spec(extra: "layers: []"),
            "spec.yaml:6: 'layers' is an empty list; expected a list of 1 to 8 layers from the bottom up, e.g. layers: [{ features: { map: bins, levels: [128] }, activation: classes }]"),
        Case(Spec(extra: "layers: [{ features: { map: bins, levels: [128] } }]"),
            "spec.yaml:6: nothing stands on layer 1; remove it, or add { map: layer, number: 1 } to the features above"),
        Case(Layered("activation: classes"),
            "spec.yaml:6: the key 'layers.0.features' is missing; add it, e.g. features: { map: bins, levels: [128] }"),
        Case(Layered("features: layer"),
            "spec.yaml:6: the map 'layer' stands for a layer below, and there is none; add 'layers', or list this layer above another"),
        Case(Layered("features: { map: bins, levels: [128] }, activation: relu"),
            "spec.yaml:6: 'layers.0.activation' is 'relu'; the known values are classes and softmax"),
        Case(Layered("features: pixels, activation: softmax, tuples: { size: 2, count: 9 }"),
            "spec.yaml:6: 'tuples' are of best classes, and the activation is softmax; remove it, or use activation: classes"),
        Case(Layered("features: { map: bins, levels: [128] }, windows: { width: 3 }"),
            "spec.yaml:6: the key 'layers.0.windows.height' is missing; add it, e.g. windows: { width: 9, height: 9, stride: 3 }"),
        Case(Layered("features: { map: bins, levels: [128] }, windows: { width: 3, height: 0 }"),
            "spec.yaml:6: 'layers.0.windows.height' is '0'; expected a whole number from 1 to 16384, e.g. windows: { width: 9, height: 9, stride: 3 }"),
        Case(Layered("features: { map: bins, levels: [128] }, tuples: { size: 1, count: 9 }"),
            "spec.yaml:6: 'layers.0.tuples.size' is '1'; expected a whole number from 2 to 16, e.g. size: 3"),
        Case(Layered("features: { map: bins, levels: [128] }, solve: { alpha: 0 }"),
            "spec.yaml:6: 'layers.0.solve.alpha' is 0, and a layer leaves rows out of its counts, where a count of 1 leaves log 0; set it above 0"),
        Case(Layered("features: pixels, refine: { method: sweeps }"),
            "spec.yaml:6: 'refine.method' is 'sweeps', which moves weights of blocks, and the features are dense; use bins, patches or orientations, or method: averaging"),
        Case(Layered("features: { map: bins, levels: [128] }, refine: { method: averaging, holdOut: true }"),
            "spec.yaml:6: 'layers.0.refine.holdOut' is true, and the layers above count all training rows; remove it"),
        Case(Layered("features: { map: bins, levels: [128] }, targets: { code: 4 }, solve: { k: 4, alpha: 0.1 }, refine: { method: sweeps }"),
            "spec.yaml:6: 'layers.0.refine' refines one classifier, and the bits of a code are many; remove it, or use targets: { subclasses: 3 }"),
        Case(Layered("features: { map: bins, levels: [128] }, targets: { subclasses: 4 }, solve: { alpha: 0.1 }, refine: { method: averaging }"),
            "spec.yaml:6: 'layers.0.targets' are not the labels, by which leave-one-out chooses; give this layer one k and one alpha, e.g. solve: { k: 60, alpha: 0.05 }"),
        Case(Layered("features: { map: bins, levels: [128] }, refine: { method: sweeps } ") + "refine: { method: averaging, holdOut: true }\n",
            "spec.yaml:7: 'refine.holdOut' is true, and a layer that is refined learns from the held-out rows as well; remove one of the two"),
        Case(Layered("features: { map: bins, levels: [128] }, targets: { subclasses: 4 }"),
            "spec.yaml:6: 'layers.0.targets' are not the labels, by which leave-one-out chooses; give this layer one alpha, e.g. solve: { alpha: 0.05 }"),
        Case(Layered("features: { map: bins, levels: [128] }, activation: softmax, solve: { alpha: 0.1 }, targets: { code: 4 }"),
            "spec.yaml:6: 'layers.0.targets' are not the labels, by which leave-one-out chooses; give this layer one k and one alpha, e.g. solve: { k: 60, alpha: 0.05 }"),
        Case(Layered("features: { map: bins, levels: [128] }, solve: { alpha: 0.1 }, targets: words"),
            "spec.yaml:6: 'layers.0.targets' is 'words'; expected labels, { code: 4 } or { subclasses: 3 }, e.g. targets: { subclasses: 3, passes: 5 }"),
        Case(Layered("features: { map: bins, levels: [128] }, solve: { alpha: 0.1 }, targets: { seed: 4 }"),
            "spec.yaml:6: 'layers.0.targets' has neither of 'code' and 'subclasses'; give one of them, e.g. targets: { subclasses: 3, passes: 5 }"),
        Case(Layered("features: { map: bins, levels: [128] }, solve: { alpha: 0.1 }, targets: { code: 17, passes: 2 }"),
            [],
            [
                "spec.yaml:6: 'passes' are of sub-classes; remove it, or use targets: { subclasses: 3, passes: 5 }",
                "spec.yaml:6: 'layers.0.targets.code' is '17'; expected a whole number from 1 to 16, e.g. code: 4",
            ]),
        Case(Layered("features: { map: bins, levels: [128] }, solve: { alpha: 0.1 }, targets: { subclasses: 1, passes: 0, depth: 2 }"),
            [],
            [
                "spec.yaml:6: unknown key 'depth' in layers.0.targets; the keys here are code, subclasses, passes and seed",
                "spec.yaml:6: 'layers.0.targets.subclasses' is '1'; expected a whole number from 2 to 1000, e.g. subclasses: 3",
                "spec.yaml:6: 'layers.0.targets.passes' is '0'; expected a whole number from 1 to 100, e.g. passes: 5",
            ]),
        Case(Spec(extra: "targets: { code: 4 }"),
            "spec.yaml:6: 'targets' are of a layer below, and those of the top are the labels; remove it, or put it into an entry of 'layers'"),
        Case(Spec(features: "features: { map: layer, number: 2 }", extra: "layers: [{ features: { map: bins, levels: [128] } }]"),
            "spec.yaml:5: 'features.number' is '2'; expected a whole number from 1 to 1, e.g. number: 1"),
        Case(Spec(features: "features: [pixels, layer]", extra: "layers: [{ features: { map: bins, levels: [128] } }]"),
            "spec.yaml:5: mixed features: 'pixels' is dense and 'layer' makes blocks, and one row is either; use pixels and complement together, or bins, patches and orientations together, or give each map a K of its own with solve.k: groups"),
    ];

    /// <summary>One layer below the top.</summary>
    private static string Layered(string layer) => Spec(features: "features: layer", extra: $"layers: [{{ {layer} }}]");
}
