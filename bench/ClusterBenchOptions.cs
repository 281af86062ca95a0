using System.Globalization;

namespace ExplicitCluster.Bench;

/// <summary>How large the job is that clusters are timed with, and how often it runs.</summary>
internal sealed record ClusterBenchOptions(int Sources, int Rounds, int ShardRows)
{
    private static readonly ClusterBenchOptions Standard = new(40, 5, 60_000);

    /// <summary>Null, with a line on standard error, where an argument is none.</summary>
    public static ClusterBenchOptions? Parse(string[] args)
    {
        var options = Standard;
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length || !int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var value) || value < 1)
                return Problem($"{args[i]} needs a whole number of at least 1");
            switch (args[i])
            {
                case "--sources" when value <= BenchData.Rows:
                    options = options with { Sources = value };
                    break;
                case "--rounds":
                    options = options with { Rounds = value };
                    break;
                case "--shard-rows":
                    options = options with { ShardRows = value };
                    break;
                default:
                    return Problem($"{args[i]} {value} is not known; expected --sources N, --rounds N, --shard-rows N");
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
