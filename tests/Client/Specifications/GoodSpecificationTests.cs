using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Data.Tokens;

namespace ExplicitCluster.Client.Tests.Specifications;

public sealed class GoodSpecificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Examples =>
        [.. Directory.GetFiles(ExamplesFolder, "*.yaml").Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string ExamplesFolder
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "ExplicitCluster.sln")))
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
            return Path.Combine(folder, "examples");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_parses(string example)
    {
        var specification = SpecificationReader.Read(Path.Combine(ExamplesFolder, example), []);
        Assert.True(specification.Features.Length > 0 || specification.Text is { Groups.Length: > 0 } || specification.Language is not null);
        Assert.NotEmpty(specification.Data.Test);
    }

    [Fact]
    public void The_example_of_a_table_names_files_that_lie_beside_it()
    {
        var specification = SpecificationReader.Read(Path.Combine(ExamplesFolder, "table.yaml"), []);
        Assert.All(specification.Data.Train.Concat(specification.Data.Test), source => Assert.True(File.Exists(source.Path)));
        Assert.Equal("kind", specification.Data.Train[0].LabelColumn);
    }

    [Fact]
    public void Sweeps_of_sub_classes_from_the_prior_ask_for_no_K()
    {
        var layer = Assert.Single(SpecificationReader.Read(
            Path.Combine(ExamplesFolder, "fashion-stacked.yaml"), ["layers.0.targets={ subclasses: 4 }", "layers.0.refine={ method: sweeps }"]).Layers);
        Assert.Equal((new HiddenTargetSpecification { Subclasses = 4, Passes = 5, Seed = 1 }, RefineMethod.Sweeps, 1), (layer.Targets, layer.Refine.Method, Assert.Single(layer.Solve.K)));
    }

    [Fact]
    public void Groups_of_texts_and_their_temperatures_are_read()
    {
        var text = SpecificationReader.Read(Path.Combine(ExamplesFolder, "sections-groups.yaml"), ["solve.passes=2"]).Text!;
        Assert.Equal(["Words 1 1 Binary 2", "Words 2 2 Binary 2", "Chars 3 5 Binary 2", "Positions 1 1 Binary 2"],
            text.Groups.Select(group => $"{group.Map} {group.Least} {group.Most} {group.Counts} {group.MinRows}"));
        Assert.Equal(new TemperatureSpecification { Alpha = 4, Rho = 0.75, Passes = 2, PassAlpha = 3 }, text.Temperatures);

        var words = SpecificationReader.Read(Path.Combine(ExamplesFolder, "sections-words.yaml"), ["solve.k=3"]);
        Assert.Equal((new FeatureGroupSpecification { Map = FeatureGroupKind.Words }, null), (Assert.Single(words.Text!.Groups), words.Text.Temperatures));
        Assert.Equal((3, 0.5), (Assert.Single(words.Solve.K), words.Solve.Beta));
        Assert.Equal(1, SpecificationReader.Read(Path.Combine(ExamplesFolder, "sections-words.yaml"), ["solve.beta=1"]).Solve.Beta);
    }

    [Fact]
    public void A_language_model_has_tokens_sets_of_lags_and_weights()
    {
        var language = SpecificationReader.Read(Path.Combine(ExamplesFolder, "king-james.yaml"), ["features.prune=1", "solve.weights=ones", "features.lags=[1, [1, 2], 2]"]).Language!;
        Assert.Equal(new TokenSpecification { Kind = TokenKind.Pattern, Pattern = "[a-z]+(?:'[a-z]+)?|[0-9]+|[.,;:?!()]", Block = 1000 }, language.Tokens);
        Assert.Equal([[1], [1, 2], [2]], language.Lags.Select(set => set.ToArray()));
        Assert.Equal((true, true, false, LanguageWeights.Ones), (language.ContinuesTop, language.Prune, language.SingleDiscount, language.Weights));
    }

    [Fact]
    public void Tokens_may_be_byte_pairs_of_a_vocabulary_by_name_or_file()
    {
        var known = SpecificationReader.Read(Path.Combine(ExamplesFolder, "king-james.yaml"), ["tokens={ kind: bpe, vocabulary: gpt2, ids: 4000 }"]).Language!.Tokens;
        Assert.Equal((TokenKind.BytePairs, "gpt2", 4000, false, KnownEncoding.Find("gpt2")!.Sha256), (known.Kind, known.Encoding, known.Vocabulary, known.LowerCase, known.EncodingSha256));

        var file = _folder.Write("pieces.tiktoken", string.Concat(Enumerable.Range(0, 256).Select(value => $"{Convert.ToBase64String([(byte)value])} {value}\n")));
        var text = "name: m\ntask: language-model\ndata:\n  train: { format: text, path: a }\nfeatures: { map: context, lags: [1] }\ntokens: { kind: bpe, vocabulary: pieces.tiktoken, pattern: '[a-z]+', block: 100 }\n";
        var tokens = SpecificationReader.Read(_folder.Write("spec.yaml", text), []).Language!.Tokens;
        Assert.Equal((file, 257, "[a-z]+", 100), (tokens.Encoding, tokens.Vocabulary, tokens.Pattern, tokens.Block));
        Assert.Equal(64, tokens.EncodingSha256!.Length);
    }

    [Fact]
    public void What_is_not_given_takes_the_documented_default()
    {
        var specification = Read(BadSpecifications.Spec());
        Assert.Equal(SolveSpecification.AutoK, specification.Solve.K);
        Assert.Equal(SolveSpecification.AutoAlpha, specification.Solve.Alpha);
        Assert.Equal(0, specification.Solve.Beta);
        Assert.Equal(DataSpecification.DefaultShardRows, specification.Data.ShardRows);
        Assert.Equal(EvaluateRows.All, specification.Evaluate);
        Assert.Equal(1, specification.Seed);
        Assert.Equal(FeatureMapKind.Pixels, Assert.Single(specification.Features).Map);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var specification = Read("""
            name: a.b-c_9
            data:
              train:
                - { format: idx, images: a, labels: b }
                - { format: idx, images: /x/c, labels: ../d }
              test: { format: idx, images: e, labels: f }
              shardRows: 5.12e2
            features:
              - { map: bins, levels: [16, 32.5] }
              - map: patches
                width: 3
                height: 2
                levels: [32, 128]
                stride: 2
            solve: { k: [8, 4, 2.5], alpha: 1e-2, beta: .5 }
            refine: { method: none }
            evaluate: test
            seed: -7
            """);
        Assert.Equal("a.b-c_9", specification.Name);
        Assert.Equal([_folder.Of("a"), "/x/c"], specification.Data.Train.Select(source => source.Images));
        Assert.Equal(Path.GetFullPath(_folder.Of("../d")), specification.Data.Train[1].Labels);
        Assert.Equal(512, specification.Data.ShardRows);
        Assert.Equal([16, 32.5], specification.Features[0].Levels);
        var patches = specification.Features[1];
        Assert.Equal((FeatureMapKind.Patches, 3, 2, 2), (patches.Map, patches.Width, patches.Height, patches.Stride));
        Assert.Equal([2.5, 4, 8], specification.Solve.K);
        Assert.Equal([.01], specification.Solve.Alpha);
        Assert.Equal(.5, specification.Solve.Beta);
        Assert.Equal(EvaluateRows.Test, specification.Evaluate);
        Assert.Equal(-7, specification.Seed);
    }

    [Fact]
    public void Orientations_are_read_and_stride_and_distance_are_1_unless_given()
    {
        var given = Assert.Single(Read(BadSpecifications.Spec(
            features: "features: { map: orientations, cell: 4, stride: 2, bins: 8, thresholds: [4, 16.5], shapes: [1x2, 2x1], distance: 3 }")).Features);
        Assert.Equal((FeatureMapKind.Orientations, 4, 2, 8, 3), (given.Map, given.Cell, given.Stride, given.Bins, given.Distance));
        Assert.Equal([4, 16.5], given.Thresholds);
        Assert.Equal([new CellShape(1, 2), new CellShape(2, 1)], given.Shapes);
        var defaults = Assert.Single(Read(BadSpecifications.Spec(
            features: "features: { map: orientations, cell: 5, bins: 4, thresholds: [0, 16], shapes: 2x2 }")).Features);
        Assert.Equal((1, 1), (defaults.Stride, defaults.Distance));
        Assert.Equal([new CellShape(2, 2)], defaults.Shapes);
    }

    [Theory]
    [InlineData("", false, 0)]
    [InlineData(", holdOut: true", true, 3)]
    [InlineData(", holdOut: true, stop: never", true, 0)]
    [InlineData(", holdOut: true, stop: 7", true, 7)]
    [InlineData(", holdOut: false, stop: 2", false, 2)]
    public void Averaging_ends_early_when_told_and_where_rows_are_held_out(string keys, bool holdOut, int stop)
    {
        var refine = Read(BadSpecifications.Spec(extra: $"refine: {{ method: averaging{keys} }}")).Refine;
        Assert.Equal((holdOut, stop), (refine.Averaging.HoldOut, refine.Averaging.Stop));
    }

    [Fact]
    public void A_table_is_read_by_column_name_or_index()
    {
        var data = Read(BadSpecifications.Spec(
            train: "train: { format: csv, path: 'a b.csv', label: class }",
            test: "test: { format: tsv, path: t.tsv.gz, label: 4, header: false }")).Data;
        Assert.Equal((SourceFormat.Csv, _folder.Of("a b.csv"), "class", true), Of(data.Train[0]));
        Assert.Equal((SourceFormat.Tsv, _folder.Of("t.tsv.gz"), "4", false), Of(data.Test[0]));

        static (SourceFormat, string?, string?, bool) Of(SourceSpecification source) => (source.Format, source.Path, source.LabelColumn, source.Header);
    }

    [Fact]
    public void Texts_are_read_by_column_key_or_cut()
    {
        var data = Read(BadSpecifications.Spec(
            train: "train: [{ format: tsv, path: a, label: section, text: description, weight: w }, { format: jsonl, path: b, text: body }, { format: text, path: c, document: blank-line }]",
            test: "split: { every: 10, remainder: 9 }")).Data;
        Assert.Equal([("description", "section", "w"), ("body", null, null), (null, null, null)], data.Train.Select(source => (source.TextColumn, source.LabelColumn, source.WeightColumn)));
        Assert.All(data.Train, source => Assert.True(source.IsText));
        Assert.Equal(DocumentCut.BlankLine, data.Train[2].Document);
        Assert.All(data.Train, source => Assert.Equal(new RowSplit(10, 9, false), source.Split));
        Assert.Equal(data.Train.Select(source => source with { Split = new RowSplit(10, 9, true) }), data.Test);
    }

    [Theory]
    [InlineData("texts", "texts/B.txt", "texts/a.txt", "texts/a.txt.gz", "texts/sub/c.txt")]
    [InlineData("texts/*.txt", "texts/B.txt", "texts/a.txt")]
    [InlineData("texts/**/?.txt", "texts/B.txt", "texts/a.txt", "texts/sub/c.txt")]
    [InlineData("texts/a.txt", "texts/a.txt")]
    [InlineData("absent.txt", "absent.txt")]
    public void A_folder_or_pattern_is_a_source_a_file_in_ordinal_order(string path, params string[] expected)
    {
        Directory.CreateDirectory(_folder.Of("texts/sub"));
        Directory.CreateDirectory(_folder.Of("texts/.hidden"));
        foreach (var name in new[] { "a.txt", "B.txt", "a.txt.gz", "sub/c.txt", ".hidden/d.txt", ".e.txt" })
            _folder.Write($"texts/{name}", "text");
        var sources = Read(BadSpecifications.Spec(train: $"train: {{ format: text, path: '{path}', document: file }}")).Data.Train;
        Assert.Equal(expected.Select(_folder.Of), sources.Select(source => source.Path));
        Assert.All(sources, source => Assert.Equal(DocumentCut.File, source.Document));
    }

    [Fact]
    public void A_layer_over_texts_has_groups_tokens_and_the_prior_of_texts()
    {
        var specification = Read(BadSpecifications.Spec(
            train: "train: { format: tsv, path: a, label: section, text: description }",
            test: "test: { format: tsv, path: b, label: section, text: description }",
            features: "features: layer",
            extra: "layers: [{ features: [words, { map: chars, minRows: 2 }], tokens: characters, activation: softmax, windows: { width: 1, height: 1 } }]"));
        var layer = Assert.Single(specification.Layers);
        Assert.Equal([FeatureGroupKind.Words, FeatureGroupKind.Chars], layer.Text!.Groups.Select(group => group.Map));
        Assert.Equal(TokenKind.Characters, Assert.Single(specification.Tokens).Kind);
        Assert.Equal((LayerActivation.Softmax, 0.5, 0.0), (layer.Activation, layer.Solve.Beta, specification.Solve.Beta));
        Assert.True(layer.Solve.HasChoice);
        Assert.Empty(layer.Features);
        Assert.Null(specification.Text);
    }

    [Fact]
    public void Removed_rows_are_read_ascending_and_those_that_touch_become_one_range()
    {
        var data = Read(BadSpecifications.Spec(train: "train: { format: idx, images: a, labels: b, removed: [20-29, 5, '0-3', 4] }", test: "test: { format: idx, images: c, labels: d, removed: 7 }")).Data;
        Assert.Equal([new(0, 5), new(20, 29)], data.Train[0].Removed);
        Assert.Equal([new(7, 7)], data.Test[0].Removed);
        var sets = SpecificationReader.Read(_folder.Write("spec.yaml", BadSpecifications.Spec()), ["data.train.removed=[1-2]"]);
        Assert.Equal([new(1, 2)], sets.Data.Train[0].Removed);
    }

    [Fact]
    public void Json_is_read_tabs_and_byte_order_mark_included()
    {
        const string Json = "\ufeff{\n\t\"name\": \"m\",\n\t\"data\": {\n\t\t\"train\": [ { \"format\": \"csv\", \"path\": \"a\", \"label\": \"y\" } ]\n\t},\n\t\"features\": [ \"pixels\", { \"map\": \"complement\" } ],\n\t\"solve\": { \"k\": 12 }\n}\n";
        var specification = Read(Json);
        Assert.Equal([12], specification.Solve.K);
        Assert.Equal([FeatureMapKind.Pixels, FeatureMapKind.Complement], specification.Features.Select(map => map.Map));
    }

    [Fact]
    public void Overrides_are_applied_in_order_before_validation()
    {
        var specification = Read(
            BadSpecifications.Spec(extra: "solve: { k: nonsense, alpha: 1 }"),
            "solve.k=[9, 3]", "solve.alpha=0.3", "solve.alpha=0.1", "data.shardRows=512", "data.train.0.images=x", "data.test=null", "evaluate=none", "name=other");
        Assert.Equal([3, 9], specification.Solve.K);
        Assert.Equal([.1], specification.Solve.Alpha);
        Assert.Equal(512, specification.Data.ShardRows);
        Assert.Equal(_folder.Of("x"), specification.Data.Train[0].Images);
        Assert.Empty(specification.Data.Test);
        Assert.Equal("other", specification.Name);
    }

    [Theory]
    [InlineData("features: pixels", "features.0.map=complement", FeatureMapKind.Complement)]
    [InlineData("features: [pixels]", "features.0.map=complement", FeatureMapKind.Complement)]
    [InlineData("features: [pixels]", "features.0=complement", FeatureMapKind.Complement)]
    [InlineData("features: { map: bins, levels: [1] }", "features.0=complement", FeatureMapKind.Complement)]
    [InlineData("features: [bins]", "features={ map: patches, width: 1, height: 1, levels: 3 }", FeatureMapKind.Patches)]
    [InlineData("features: bins", "features.levels=[3]", FeatureMapKind.Bins)]
    public void One_map_and_a_list_of_one_are_overridden_alike(string features, string set, FeatureMapKind expected)
    {
        Assert.Equal(expected, Assert.Single(Read(BadSpecifications.Spec(features: features), set).Features).Map);
    }

    [Fact]
    public void An_override_may_append_to_a_list_and_remove_from_it()
    {
        Assert.Equal(2, Read(BadSpecifications.Spec(features: "features: [pixels]"), "features.1.map=complement").Features.Length);
        Assert.Single(Read(BadSpecifications.Spec(features: "features: [pixels, complement]"), "features.1=null").Features);
    }

    [Fact]
    public void Rows_to_predict_need_neither_labels_nor_train()
    {
        var path = _folder.Write("rows.yaml", "test: { format: idx, images: a }\n");
        var data = SpecificationReader.ReadData(path, [], labelsRequired: false);
        Assert.Empty(data.Train);
        Assert.Null(Assert.Single(data.Test).Labels);
        var exception = Assert.Throws<SpecificationException>(() => SpecificationReader.ReadData(path, []));
        Assert.Contains("'test.labels' is missing", Assert.Single(exception.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_a_whole_specification_can_be_evaluated_whatever_the_rest_of_it_says()
    {
        var path = _folder.Write("spec.yaml", BadSpecifications.Spec(extra: "solve: { k: nonsense }"));
        Assert.Equal(_folder.Of("c"), SpecificationReader.ReadData(path, []).Test[0].Images);
        Assert.Equal(_folder.Of("z"), SpecificationReader.ReadData(path, ["data.test.images=z"]).Test[0].Images);
    }

    [Fact]
    public void Data_without_train_and_test_is_refused()
    {
        var exception = Assert.Throws<SpecificationException>(() => SpecificationReader.ReadData(_folder.Write("d.yaml", "shardRows: 3\n"), []));
        Assert.Contains("'train' is missing", Assert.Single(exception.Problems).Message, StringComparison.Ordinal);
    }

    private JobSpecification Read(string text, params string[] sets) => SpecificationReader.Read(_folder.Write("spec.yaml", text), sets);
}
