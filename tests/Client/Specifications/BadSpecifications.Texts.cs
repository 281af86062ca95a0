namespace ExplicitCluster.Client.Tests.Specifications;

/// <summary>Those of classifiers over texts and of language models.</summary>
internal static partial class BadSpecifications
{
    private const string TextRows = "train: { format: tsv, path: a, label: y, text: t }";
    private const string TextTest = "test: { format: tsv, path: b, label: y, text: t }";

    private static IEnumerable<BadSpecification> Texts =>
    [
        Case(Spec(train: TextRows, test: TextTest, features: "features: [words, pixels]"),
            "spec.yaml:5: mixed features: 'pixels' is of numbers and others are of texts or sparse rows, and one row is either; use words, chars and positions together, or sparse alone"),
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
            "spec.yaml:6: 'refine.method' is 'sweeps', which moves weights of blocks, and the features are of texts or sparse rows; use method: averaging"),
        Case(Spec(train: TextRows, test: TextTest, features: "features: words", extra: "refine: { method: averaging }\nsolve: { temperatures: fitted }"),
            "spec.yaml:6: 'refine' begins at the explicit solution of rows that count alike, and solve has temperatures; remove one of them"),
        Case(Spec(train: "train: { format: libsvm, path: a }", test: TextTest, features: "features: sparse"),
            "spec.yaml:5: 'features' is of sparse rows, and a source of data has format tsv; use libsvm sources, or other features"),
        Case(Spec(train: TextRows, test: TextTest, features: "features: [words, { map: sparse, ngrams: 2 }]"), [],
            [
                "spec.yaml:5: the map 'sparse' has no 'ngrams'; remove it",
                "spec.yaml:5: mixed features: the map 'sparse' is of sparse rows and others are not, and one row is either; use it alone",
            ]),
        Case(Spec(train: TextRows, test: TextTest, features: "features: { map: words, norm: none, hash: 28 }"), [],
            [
                "spec.yaml:5: 'features.hash' is '28'; expected a whole number from 1 to 27, e.g. hash: 20",
                "spec.yaml:5: the map 'words' has no 'norm'; remove it",
            ]),
        Case(Spec(train: TextRows, test: TextTest, features: "features: [{ map: words, hash: 27, minRows: 2 }, { map: chars, hash: 4 }]", extra: "solve: { temperatures: fitted }"), [],
            [
                "spec.yaml:5: 'features.0.minRows' goes by the rows of every feature, and hashed features are not counted; remove it, or hash",
                "spec.yaml:5: the groups of 'features' have more than 2^27 buckets together; use fewer bits",
                "spec.yaml:5: 'features' are hashed, and solve.temperatures goes by the rows of every feature, which a vocabulary counts; remove hash, or the temperatures",
            ]),
        Case(Spec(train: TextRows, test: TextTest, features: "features: { map: words, minRows: 2 }", extra: "tokens: { kind: bytes, block: 9 }\nvocabulary: 12345"), [],
            [
                "spec.yaml:5: 'features.minRows' chooses the features of a new vocabulary, and 'vocabulary' names one; remove one of them",
                "spec.yaml:6: 'tokens.block' goes with task: language-model; remove it",
                "spec.yaml:7: 'vocabulary' is '12345'; expected the SHA-256 of a model's vocabulary or its first 8 digits at least, e.g. vocabulary: 3f2a9c01",
            ]),
        Case(LanguageModel("features: { map: context, lags: [1] }", "layers: [nonsense]"),
            "spec.yaml:6: 'layers' stand on features of numbers, and the task is language-model; remove it"),
        Case(Spec(extra: "vocabulary: 3f2a9c01"),
            "spec.yaml:6: the key 'vocabulary' goes with features of texts; remove it"),
        Case(Spec(train: TextRows, test: TextTest, features: "features: words", extra: "solve: { classWeights: equal }"),
            "spec.yaml:6: 'solve.classWeights' is 'equal'; the known value is balanced"),
        Case(Spec(train: TextRows, test: TextTest, features: "features: words", extra: "solve: { temperatures: fitted, classWeights: equal, k: 3 }"), [],
            [
                "spec.yaml:6: 'solve.k' does not go with temperatures, which take its place; remove it",
                "spec.yaml:6: 'solve.classWeights' is 'equal'; the known value is balanced",
            ]),
        Case(Spec(extra: "solve: { k: 3, classWeights: { 1: 2, 4: 0 } }"), [],
            [
                "spec.yaml:6: 'solve.classWeights.4' is '0'; expected a number above 0, e.g. rare: 5",
                "spec.yaml:6: 'solve.classWeights' needs one number for k and for alpha where features are of numbers: leave-one-out chooses for rows that count alike",
            ]),
    ];

    private static IEnumerable<BadSpecification> LanguageModels =>
    [
        Case(LanguageModel("features: { map: context, lags: [[1], [1, 3, 2]] }"),
            "spec.yaml:5: 'features.lags': lags [1, 3, 2] are not ascending from 1 or more; write each lag once, the smallest first, such as [1, 3]"),
        Case(LanguageModel("features: { map: context, lags: [[1], [2, 3]] }"),
            "spec.yaml:5: 'features.lags': lags [2, 3] need [2] below them, the same without the largest lag; add [2]"),
        Case(LanguageModel("features: { map: context, lags: [[1], [0]] }"),
            "spec.yaml:5: 'features.lags' holds a list of 1; expected a list of sets of lags, each ascending, e.g. [[1], [1, 2], [2]], lags from 1 to 1000"),
        Case(LanguageModel("features: { map: context, lags: [1, 2, [1, 2], [1, 2, 3], [1, 2, 3, 4]] }", "tokens: { vocabulary: 50000 }"),
            "spec.yaml:5: 'features.lags': lags [1, 2, 3, 4] do not fit into 64 bits with 50000 tokens: at most 3 lags do; use fewer lags in a set or a smaller tokens.vocabulary (of byte pairs: tokens.ids)"),
        Case(LanguageModel("features: { map: context, lags: [1, 2], discounts: one }"),
            "spec.yaml:5: the positional model (single lags, one discount) has no fitted weights; set solve: { weights: harmonic }, or discounts: three"),
        Case(LanguageModel("features: { map: context, lags: [1] }", "solve: { alpha: 1 }"),
            "spec.yaml:6: unknown key 'alpha' in solve; the key here is weights"),
        Case(LanguageModel("features: { map: context, lags: [1] }", "tokens: { pattern: '[a-' }"),
            "spec.yaml:6: 'tokens.pattern': the pattern of tokens is no regular expression: Invalid pattern '[a-' at offset 3. Unterminated [] set.; write it in the syntax of .NET"),
        Case(LanguageModel("features: { map: context, lags: [1] }", "tokens: { kind: words, pattern: a }"),
            "spec.yaml:6: 'tokens.pattern' goes with kind: pattern or bpe, and the kind is words; remove one of them"),
        Case(LanguageModel("features: { map: context, lags: [1] }", "tokens: bpe"),
            "spec.yaml:6: 'tokens' are byte pairs of no vocabulary; name it, e.g. tokens: { kind: bpe, vocabulary: cl100k_base }"),
        Case(LanguageModel("features: { map: context, lags: [1] }", "tokens: { kind: bpe, ids: 500 }"),
            "spec.yaml:6: the key 'tokens.vocabulary' is missing; add it, e.g. vocabulary: cl100k_base"),
        Case(LanguageModel("features: { map: context, lags: [1] }", "tokens: { kind: bpe, vocabulary: /none/v.tiktoken, lowerCase: true }"), [],
            [
                "spec.yaml:6: 'tokens.lowerCase' does not go with kind: bpe, whose vocabulary has both cases; remove it",
                "spec.yaml:6: 'tokens.vocabulary': there is no vocabulary /none/v.tiktoken; check the path, or name one of cl100k_base, o200k_base, gpt2",
            ]),
        Case(LanguageModel("features: { map: context, lags: [1] }", "tokens: { kind: words, ids: 500 }"),
            "spec.yaml:6: 'tokens.ids' goes with kind: bpe, and the kind is words; write vocabulary: 4096 for the most ids"),
        Case(LanguageModel("features: { map: context, lags: [[1], [1, 2], [1, 2, 3]] }", "tokens: { kind: bpe, vocabulary: cl100k_base }"),
            "spec.yaml:5: 'features.lags': lags [1, 2, 3] do not fit into 64 bits with 100257 tokens: at most 2 lags do; use fewer lags in a set or a smaller tokens.vocabulary (of byte pairs: tokens.ids)"),
        Case(LanguageModel("features: { map: context, lags: [1] }", "refine: { method: sweeps }"),
            "spec.yaml:6: 'refine.method' is 'sweeps'; the known values are none and averaging"),
        Case(LanguageModel("features: { map: context, lags: [1] }", "refine: { method: averaging, batch: 128 }"),
            "spec.yaml:6: unknown key 'batch' in refine; the keys here are method, workers, rounds and learningRate"),
        Case(Spec(features: "features: { map: context, lags: [1] }", extra: "task: language-model"),
            "spec.yaml:3: a language model needs texts, and a source of data has format idx; use text or jsonl, or name the column of texts"),
    ];

    private static string LanguageModel(string features, string extra = "") =>
        $"name: m\ntask: language-model\ndata:\n  train: {{ format: text, path: a }}\n{features}\n{extra}\n";
}
