using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Documents;

namespace ExplicitCluster.Client.Commands;

/// <summary>Texts on standard input.</summary>
internal static class StandardInput
{
    /// <summary>What stands for it where a command takes a text or the name of a file.</summary>
    public const string Argument = "-";

    public static TextStream Open(DocumentCut cut) => Of(Console.OpenStandardInput(), cut);

    public static TextStream Of(Stream input, DocumentCut cut) => new("standard input", input, cut);
}
