using System.Text;

namespace ExplicitCluster.Grains.Tests.Language;

/// <summary>A small vocabulary of byte pairs: every byte, and some pieces of words, shorter ones first so that longer ones can be merged from them.</summary>
internal static class BytePairFile
{
    private static readonly string[] Pieces = ["th", "he", "the", " t", " the", "an", "and", " a", " and", "in", "of", " of", "Go", "God", " God"];

    public static void Write(string path, params string[] more) => File.WriteAllText(path, string.Concat(
        Enumerable.Range(0, 256).Select(value => new[] { (byte)value }).Concat(Pieces.Concat(more).Select(Encoding.UTF8.GetBytes)).Select((token, rank) => $"{Convert.ToBase64String(token)} {rank}\n")));
}
