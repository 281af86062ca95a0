using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExplicitCluster.Data.Store;

/// <summary>
/// JSON documents in the store. The first property, <c>"checksum"</c>, is the hex SHA-256 of the document's bytes without that property;
/// any other byte than the ones written is noticed on reading.
/// </summary>
public static class JsonArtifact
{
    private const int HexLength = 64;

    private static readonly byte[] Prefix = "{\n  \"checksum\": \""u8.ToArray();

    /// <summary>Camel case, indented, enumerations as text; used where a call passes no options.</summary>
    public static JsonSerializerOptions DefaultOptions { get; } = CreateDefaultOptions();

    /// <summary>Writes a value that serialises to a JSON object with at least one property.</summary>
    /// <returns>The new ETag.</returns>
    /// <exception cref="ArtifactConflictException"><paramref name="condition"/> does not hold.</exception>
    public static Task<string> WriteAsync<T>(
        IArtifactStore store, string name, T value, JsonSerializerOptions? options, WriteCondition condition, CancellationToken ct)
    {
        var document = JsonSerializer.SerializeToUtf8Bytes(value, options ?? DefaultOptions);
        if (document is not [(byte)'{', .., (byte)'}'] || document.Length < 5)
            throw new ArgumentException($"{typeof(T).Name} is no JSON object with properties", nameof(value));
        var hex = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(document)));
        return store.WriteAsync(name, async (stream, token) =>
        {
            await stream.WriteAsync(Prefix, token);
            await stream.WriteAsync(hex, token);
            await stream.WriteAsync("\","u8.ToArray(), token);
            await stream.WriteAsync(document.AsMemory(1), token);
        }, condition, ct);
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote; null when absent.</summary>
    /// <exception cref="ArtifactDamagedException">The checksum is wrong, or the document is not a <typeparamref name="T"/>.</exception>
    public static async Task<(T Value, string ETag)?> ReadAsync<T>(
        IArtifactStore store, string name, JsonSerializerOptions? options, CancellationToken ct)
    {
        if (await store.ReadAsync(name, ct) is not { } artifact) return null;
        var content = artifact.Content;
        var start = Prefix.Length + HexLength + 1;
        if (content.Length <= start + 1 || !content.AsSpan().StartsWith(Prefix) || content[start - 1] != '"' || content[start] != ',')
            throw new ArtifactDamagedException(name, "its start", "a property \"checksum\"", "something else");
        var expected = Encoding.ASCII.GetString(content, Prefix.Length, HexLength);
        content[start] = (byte)'{';
        var document = content.AsMemory(start);
        var seen = Convert.ToHexStringLower(SHA256.HashData(document.Span));
        if (seen != expected) throw new ArtifactDamagedException(name, "its checksum", Abbreviate(expected), Abbreviate(seen));
        try
        {
            var value = JsonSerializer.Deserialize<T>(document.Span, options ?? DefaultOptions);
            return value is null ? throw new ArtifactDamagedException(name, "its root", typeof(T).Name, "null") : (value, artifact.ETag);
        }
        catch (JsonException error)
        {
            throw new ArtifactDamagedException(name, error.Path ?? "its root", $"a document of type {typeof(T).Name}", "something else");
        }
    }

    private static string Abbreviate(string hex) => string.Concat(hex.Where(char.IsAsciiLetterOrDigit).Take(12));

    private static JsonSerializerOptions CreateDefaultOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true, NumberHandling = JsonNumberHandling.Strict };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
