using System.Diagnostics;
using System.Text;

namespace ExplicitCluster.Testing;

/// <summary>The text of the King James Bible, from Debian's packages bible-kjv and bible-kjv-text: a verse a line, without its reference.</summary>
public static class KingJames
{
    /// <summary>Words with an apostrophe within, numbers and punctuation, of text in lower case.</summary>
    public const string Pattern = @"[a-z]+(?:'[a-z]+)?|[0-9]+|[.,;:?!()]";

    /// <summary>What the tokens of all verses, joined by one space, begin with in SHA-256.</summary>
    public const string TokensSha256 = "f180a71e148878c4";

    public const int Tokens = 913_424;
    public const int Types = 12_770;

    /// <summary>All verses, each with its line end.</summary>
    public static byte[] Text()
    {
        var program = ChildProcess.Find("bible")
            ?? throw new FileNotFoundException("the program 'bible' is missing and this test needs it. Install Debian's packages: apt-get install bible-kjv bible-kjv-text", "bible");
        using var process = Process.Start(new ProcessStartInfo(program, ["-f", "gen1:1-rev22:21"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        process.StandardInput.Close();
        var text = new StringBuilder();
        while (process.StandardOutput.ReadLine() is { } line)
            text.Append(line.AsSpan(line.IndexOf(' ', StringComparison.Ordinal) + 1)).Append('\n');
        process.WaitForExit();
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
