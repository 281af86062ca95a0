using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ExplicitCluster.Client.Tests.Reports;

/// <summary>A report's page as a test reads it.</summary>
internal sealed partial class ReportPageText(string html)
{
    public string Html { get; } = html;

    /// <summary>Every table as rows of cells, its head first.</summary>
    public IReadOnlyList<string[][]> Tables { get; } = [.. TablePattern().Matches(html).Select(match => XElement.Parse(match.Value)
        .Descendants("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray()).ToArray())];

    /// <summary>What pictures and links point to.</summary>
    public IReadOnlyList<string> Targets { get; } = [.. TargetPattern().Matches(html).Select(match => match.Groups[1].Value)];

    /// <summary>Pictures within the page.</summary>
    public IReadOnlyList<byte[]> Pictures =>
        [.. Targets.Where(target => target.StartsWith("data:", StringComparison.Ordinal)).Select(target => Convert.FromBase64String(target[(target.IndexOf(',') + 1)..]))];

    /// <summary>The table with this head of the first column.</summary>
    public string[][] TableOf(string head) => Assert.Single(Tables, table => table[0][0] == head);

    /// <summary>The value of a fact.</summary>
    public string FactOf(string name) => Assert.Single(Tables.SelectMany(table => table), row => row.Length == 2 && row[0] == name)[1];

    /// <summary>What the points of all plots say.</summary>
    public IReadOnlyList<string> Hints { get; } = [.. HintPattern().Matches(html).Select(match => System.Net.WebUtility.HtmlDecode(match.Groups[1].Value))];

    [GeneratedRegex("<table.*?</table>", RegexOptions.Singleline)]
    private static partial Regex TablePattern();

    [GeneratedRegex("(?:src|href|srcset|action|data|poster|xlink:href)=\"([^\"]*)\"")]
    private static partial Regex TargetPattern();

    [GeneratedRegex("<circle[^>]*><title>(.*?)</title>")]
    private static partial Regex HintPattern();
}
