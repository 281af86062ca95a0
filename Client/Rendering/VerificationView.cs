using ExplicitCluster.Client.Verification;
using ExplicitCluster.Grains.Models;
using Spectre.Console;

namespace ExplicitCluster.Client.Rendering;

/// <summary>What of a model matches what was computed again.</summary>
internal static class VerificationView
{
    private const int MostCharacters = 24;

    public static void Show(IReadOnlyList<VerifiedFact> facts, IAnsiConsole console)
    {
        var table = new Table().RoundedBorder().AddColumns("what", "the model says", "computed again", "");
        foreach (var fact in facts)
            table.AddRow(Words.Of(fact.What), Words.Of(Short(fact.Expected)), Words.Of(fact.Matches ? Short(fact.Seen) : Words.Short(fact.Seen, 4 * MostCharacters)), new Text(fact.Matches ? "matches" : "differs"));
        console.Write(table);
    }

    public static string JsonOf(ModelDescription model, IReadOnlyList<VerifiedFact> facts) => JsonText.Of(new
    {
        Model = ModelVerification.NameOf(model),
        Verified = facts.All(fact => fact.Matches),
        Facts = facts,
    });

    private static string Short(string text) => Words.Short(text, MostCharacters);
}
