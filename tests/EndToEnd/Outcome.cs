using System.Text.Json;

namespace ExplicitCluster.EndToEnd.Tests;

/// <summary>How a process ended, and all that it printed.</summary>
internal sealed record Outcome(string Command, int ExitCode, string Output, string Error)
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Cancelled = 3;

    /// <summary>This outcome, if the process ended well; otherwise the test fails with all that was printed.</summary>
    public Outcome Successful()
    {
        Assert.True(ExitCode == Done, ToString());
        return this;
    }

    /// <summary>Standard output as the one JSON document that it must be.</summary>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Output);
        return document.RootElement.Clone();
    }

    public override string ToString() => $"'{Command}' ended with exit code {ExitCode}\n--- standard output\n{Output}\n--- standard error\n{Error}";
}
