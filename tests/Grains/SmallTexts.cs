using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Testing;

namespace ExplicitCluster.Grains.Tests;

/// <summary>A few hundred short texts with labels, as TSV files beside a store.</summary>
internal sealed class SmallTexts : IDisposable
{
    public const int TrainRows = 300;
    public const int TestRows = 60;

    private static readonly string[] Words = ["library", "game", "card", "editor", "tool", "python", "space", "text", "font", "naïve", "server", "web"];
    private static readonly string[] Labels = ["devel", "games", "text"];

    private readonly TemporaryFolder _folder = new();

    public SmallTexts()
    {
        Write("train.tsv", 1, TrainRows, _ => true);
        Write("test.tsv", 2, TestRows, _ => true);
    }

    public string Store => Path.Combine(_folder.Path, "store");

    public static TextSpecification WordsAlone { get; } = new() { Groups = [new FeatureGroupSpecification { Map = FeatureGroupKind.Words }] };

    public static TextSpecification FourGroups { get; } = new()
    {
        Groups =
        [
            new FeatureGroupSpecification { Map = FeatureGroupKind.Words, Counts = FeatureCounts.Binary, MinRows = 2 },
            new FeatureGroupSpecification { Map = FeatureGroupKind.Words, Least = 2, Most = 2, Counts = FeatureCounts.Binary, MinRows = 2 },
            new FeatureGroupSpecification { Map = FeatureGroupKind.Chars, Least = 3, Most = 5, Counts = FeatureCounts.Binary, MinRows = 2 },
            new FeatureGroupSpecification { Map = FeatureGroupKind.Positions, Counts = FeatureCounts.Binary, MinRows = 2 },
        ],
        Temperatures = new TemperatureSpecification(),
    };

    public SourceSpecification Source(string file) => new() { Format = SourceFormat.Tsv, Path = Path.Combine(_folder.Path, file), LabelColumn = "label", TextColumn = "text" };

    public JobSpecification Specification(TextSpecification text, int shardRows) => new()
    {
        Name = "texts",
        Data = new DataSpecification { Train = [Source("train.tsv")], Test = [Source("test.tsv")], ShardRows = shardRows },
        Features = [],
        Text = text,
        Solve = new SolveSpecification { Beta = 0.5 },
    };

    /// <summary>Writes rows from a seed; those that <paramref name="keeps"/> does not want are left out.</summary>
    public void Write(string file, int seed, int rows, Func<int, bool> keeps, Func<int, string>? labelOf = null)
    {
        var random = new Random(seed);
        var lines = new List<string> { "label\ttext" };
        for (var row = 0; row < rows; row++)
        {
            var label = random.Next(Labels.Length);
            var text = string.Join(' ', Enumerable.Range(0, random.Next(7)).Select(_ => Words[(random.Next(6) + 3 * label) % Words.Length] + (random.Next(4) == 0 ? $"{random.Next(20)}" : "")));
            if (keeps(row))
                lines.Add($"{labelOf?.Invoke(row) ?? Labels[label]}\t{text}");
        }
        File.WriteAllLines(Path.Combine(_folder.Path, file), lines);
    }

    public void Dispose() => _folder.Dispose();
}
