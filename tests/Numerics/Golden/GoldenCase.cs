using System.Text.Json;

namespace ExplicitCluster.Numerics.Tests.Golden;

/// <summary>One case of golden.json or golden-text.json: inputs and every expected intermediate value; null stands for -infinity.</summary>
public sealed class GoldenCase(JsonElement json)
{
    private static readonly JsonElement[] All = Load();

    public static TheoryData<string> NamesOf(string kind) =>
        [.. All.Where(json => json.GetProperty("kind").GetString() == kind).Select(json => json.GetProperty("name").GetString()!)];

    public static GoldenCase Named(string name) => new(All.Single(json => json.GetProperty("name").GetString() == name));

    public double Number(string key) => json.GetProperty(key).GetDouble();

    public int Integer(string key) => json.GetProperty(key).GetInt32();

    public double[] Vector(string key) => [.. json.GetProperty(key).EnumerateArray().Select(ValueOf)];

    public int[] Integers(string key) => [.. json.GetProperty(key).EnumerateArray().Select(value => value.GetInt32())];

    public string[] Texts(string key) => [.. json.GetProperty(key).EnumerateArray().Select(value => value.GetString()!)];

    public string[][] TextLists(string key) =>
        [.. json.GetProperty(key).EnumerateArray().Select(list => list.EnumerateArray().Select(value => value.GetString()!).ToArray())];

    public double[,] Matrix(string key)
    {
        var rows = json.GetProperty(key).EnumerateArray().Select(row => row.EnumerateArray().Select(ValueOf).ToArray()).ToArray();
        var matrix = new double[rows.Length, rows[0].Length];
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < rows[i].Length; j++)
                matrix[i, j] = rows[i][j];
        }
        return matrix;
    }

    private static double ValueOf(JsonElement value) => value.ValueKind == JsonValueKind.Null ? double.NegativeInfinity : value.GetDouble();

    private static JsonElement[] Load() => [.. CasesOf("golden.json").EnumerateArray(), .. CasesOf("golden-text.json").GetProperty("cases").EnumerateArray()];

    private static JsonElement CasesOf(string file)
    {
        using var stream = typeof(GoldenCase).Assembly.GetManifestResourceStream(file)!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
