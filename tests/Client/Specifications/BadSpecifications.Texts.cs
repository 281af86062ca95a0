namespace ExplicitCluster.Client.Tests.Specifications;

/// <content>Classifiers of texts.</content>
internal static partial class BadSpecifications
{
    private const string TextRows = "train: { format: tsv, path: a, label: y, text: t }";
    private const string TextTest = "test: { format: tsv, path: b, label: y, text: t }";

    private static IEnumerable<BadSpecification> Texts =>
    [
        Case(Spec(train: TextRows, test: TextTest, features: "features: [words, pixels]"),
            "spec.yaml:5: mixed features: 'pixels' is of numbers and others are of texts, and one row is either; use words, chars and positions together"),
        Case(Spec(features: "features: words"),
            "spec.yaml:5: 'features' is of texts, and a source of data has format idx with numbers; name its column of texts, e.g. text: description"),
        Case(Spec(train: TextRows, test: TextTest, features: "features: [words, { map: chars, ngrams: [5, 3] }, { map: positions, ngrams: 2 }]"), [],
            [
                "spec.yaml:5: 'features.1.ngrams' is a list of 2; expected a length from 1 to 32, or the shortest and the longest, e.g. ngrams: [1, 2]",
                "spec.yaml:5: the map 'positions' has no 'ngrams'; remove it",
            ]),
        Case(Spec(train: TextRows, test: TextTest, features: "features: { map: words, count: binary, minRows: 0 }"), [],
            [
                "spec.yaml:5: unknown key 'count' in features; did you mean 'counts'?",
                "spec.yaml:5: 'features.minRows' is '0'; expected a whole number from 1 to 2147483647, e.g. minRows: 2",
            ]),
        Case(Spec(train: TextRows, test: TextTest, features: "features: words", extra: "solve: { temperatures: fitted, k: 3, passes: -1 }"), [],
            [
                "spec.yaml:6: 'solve.k' does not go with temperatures, which take its place; remove it",
                "spec.yaml:6: 'solve.passes' is '-1'; expected a whole number from 0 to 100, e.g. passes: 1",
            ]),
        Case(Spec(train: TextRows, test: TextTest, features: "features: words", extra: "solve: { rho: 0.5 }"),
            "spec.yaml:6: 'solve.rho' goes with temperatures; add temperatures: fitted, or remove it"),
        Case(Spec(train: TextRows, test: TextTest, features: "features: words", extra: "refine: { method: sweeps }"),
            "spec.yaml:6: 'refine' goes with features of numbers, and the features are of texts; remove it"),
    ];
}
