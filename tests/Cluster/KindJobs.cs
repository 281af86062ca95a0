using System.Text;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Cluster.Tests;

/// <summary>Small jobs of the kinds that have stages of their own. Cut into other shards each is new to the store, and its model is the same.</summary>
internal sealed class KindJobs
{
    private const int Verses = 8000;
    private const int Images = 1000;

    private readonly Dictionary<JobKind, JobSpecification> _jobs;

    /// <param name="folder">Where the rows are written to.</param>
    public KindJobs(string folder)
    {
        var verses = Encoding.UTF8.GetString(KingJames.Text()).Split('\n')[..Verses];
        _jobs = new Dictionary<JobKind, JobSpecification> { [JobKind.Texts] = Texts(folder, verses), [JobKind.Language] = Language(folder, verses), [JobKind.Layers] = Layers(folder) };
    }

    /// <summary>The job in about a dozen shards; in others for another cut.</summary>
    public JobSpecification Of(JobKind kind, int cut)
    {
        var job = _jobs[kind];
        return job with { Data = job.Data with { ShardRows = job.Data.ShardRows + cut } };
    }

    /// <summary>Verses and which part of the text they are of: groups with temperatures, and a scaling pass.</summary>
    private static JobSpecification Texts(string folder, string[] verses)
    {
        var rows = verses.Select((verse, m) => $"{4 * m / verses.Length}\t{verse}").Where((_, m) => m % 4 == 0).ToList();
        File.WriteAllLines(Path.Combine(folder, "train.tsv"), rows.Where((_, m) => m % 6 != 0));
        File.WriteAllLines(Path.Combine(folder, "test.tsv"), rows.Where((_, m) => m % 6 == 0));
        SourceSpecification Source(string file) => new() { Format = SourceFormat.Tsv, Path = Path.Combine(folder, file), LabelColumn = "0", TextColumn = "1", Header = false };
        return new JobSpecification
        {
            Name = "texts",
            Data = new DataSpecification { Train = [Source("train.tsv")], Test = [Source("test.tsv")], ShardRows = 130 },
            Features = [],
            Text = new TextSpecification
            {
                Groups =
                [
                    new FeatureGroupSpecification { Map = FeatureGroupKind.Words, Counts = FeatureCounts.Binary, MinRows = 2 },
                    new FeatureGroupSpecification { Map = FeatureGroupKind.Chars, Least = 3, Most = 4, Counts = FeatureCounts.Binary, MinRows = 2 },
                ],
                Temperatures = new TemperatureSpecification(),
            },
            Solve = new SolveSpecification { Beta = 0.5 },
            Evaluate = EvaluateRows.Test,
        };
    }

    private static JobSpecification Language(string folder, string[] verses)
    {
        var path = Path.Combine(folder, "verses.txt");
        File.WriteAllLines(path, verses);
        var source = new SourceSpecification { Format = SourceFormat.Text, Path = path };
        return new JobSpecification
        {
            Name = "language",
            Data = new DataSpecification
            {
                Train = [source with { Split = new RowSplit(10, 9, IsHeldOut: false) }],
                Test = [source with { Split = new RowSplit(10, 9, IsHeldOut: true) }],
                ShardRows = 640,
            },
            Features = [],
            Language = new LanguageSpecification
            {
                Tokens = new TokenSpecification { Kind = TokenKind.Pattern, Pattern = KingJames.Pattern, Vocabulary = 1000, Block = 200 },
                Lags = [[1], [1, 2]],
            },
            Evaluate = EvaluateRows.Test,
        };
    }

    /// <summary>Best classes of windows, in triples of windows of those, whose probabilities of the classes the top sees.</summary>
    private static JobSpecification Layers(string folder)
    {
        static FeatureMapSpecification Layer(int number) => new() { Map = FeatureMapKind.Layer, Number = number };
        var source = RefinementJobs.First(folder, Images);
        return new JobSpecification
        {
            Name = "layers",
            Data = new DataSpecification { Train = [source], Test = [source], ShardRows = 85 },
            Features = [Layer(3)],
            Layers =
            [
                new LayerSpecification
                {
                    Features = [new FeatureMapSpecification { Map = FeatureMapKind.Patches, Width = 2, Height = 2, Levels = [64, 160] }],
                    Windows = new WindowSpecification(9, 9, 3),
                    Solve = new SolveSpecification { K = [1], Alpha = [.05, .5] },
                },
                new LayerSpecification
                {
                    Features = [Layer(1)],
                    Windows = new WindowSpecification(3, 3, 2),
                    Tuples = new TupleSpecification(3, 40, 1),
                    Solve = new SolveSpecification { K = [1], Alpha = [.1] },
                },
                new LayerSpecification { Features = [Layer(2)], Activation = LayerActivation.Softmax, Solve = new SolveSpecification { K = [2, 4], Alpha = [.1] } },
            ],
            Solve = new SolveSpecification { K = [1, 2], Alpha = [.01] },
            Evaluate = EvaluateRows.Test,
        };
    }
}
