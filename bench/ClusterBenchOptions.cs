using System.Collections.Immutable;
using System.Globalization;
using ExplicitCluster.Abstractions.Specifications;

namespace ExplicitCluster.Bench;

/// <summary>Which job clusters are timed with, how large it is (each source has all images so many times) and how often it runs.</summary>
internal sealed record ClusterBenchOptions(string Map, int Sources, int Copies, int Rounds, int ShardRows)
{
    private const string Orientations = "orientations";
    private const string Patches = "patches";

    private static readonly ClusterBenchOptions Standard = new(Patches, 10, 12, 5, 360_000);

    public ImmutableArray<FeatureMapSpecification> Features => Map == Patches ? BenchFeatures.Patches : BenchFeatures.Orientations;

    /// <summary>The same as arguments.</summary>
    public string[] Arguments =>
    [
        "--features", Map,
        "--sources", Sources.ToString(CultureInfo.InvariantCulture),
        "--copies", Copies.ToString(CultureInfo.InvariantCulture),
        "--rounds", Rounds.ToString(CultureInfo.InvariantCulture),
        "--shard-rows", ShardRows.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>Null, with a line on standard error, where an argument is none.</summary>
    public static ClusterBenchOptions? Parse(string[] args)
    {
        var options = Standard;
        for (var i = 0; i < args.Length; i += 2)
        {
            var text = i + 1 < args.Length ? args[i + 1] : "";
            if (args[i] == "--features" && text is Orientations or Patches)
            {
                options = options with { Map = text };
                continue;
            }
            if (!int.TryParse(text, CultureInfo.InvariantCulture, out var value) || value < 1)
                return Problem($"{args[i]} is '{text}'; expected --features {Orientations}|{Patches}, or a whole number of at least 1");
            switch (args[i])
            {
                case "--sources" when value <= BenchData.Rows:
                    options = options with { Sources = value };
                    break;
                case "--copies" when value <= int.MaxValue / BenchData.Rows:
                    options = options with { Copies = value };
                    break;
                case "--rounds":
                    options = options with { Rounds = value };
                    break;
                case "--shard-rows":
                    options = options with { ShardRows = value };
                    break;
                default:
                    return Problem($"{args[i]} {value} is not known; expected --features {Orientations}|{Patches}, --sources N, --copies N, --rounds N, --shard-rows N");
            }
        }
        return options;
    }

    private static ClusterBenchOptions? Problem(string line)
    {
        Console.Error.WriteLine(line);
        return null;
    }
}
