using System.Buffers.Text;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>
/// What stands where: <c>f1:</c> the first token, <c>l:</c> the last, <c>p3:</c> and <c>p4:</c> the first three and four characters of the first, <c>len:</c>
/// half the number of tokens, at most 8; of two tokens and more <c>f2:</c> the first two, <c>s2:</c> the second, <c>l2:</c> the last two; of three and more
/// <c>s3:</c> the third.
/// </summary>
/// <param name="counts">What a feature's occurrences count as.</param>
public sealed class PositionGroup(CountKind counts) : FeatureGroup(counts)
{
    private const int LongestHalf = 8;

    private byte[] _feature = new byte[256];

    public override string Name => "positions";

    public override void Extract<TSink>(TokenBuffer tokens, ref TSink sink)
    {
        var count = tokens.Count;
        if (count == 0)
            return;
        sink.Add(Join("f1:"u8, tokens[0]));
        sink.Add(Join("l:"u8, tokens[count - 1]));
        sink.Add(Join("p3:"u8, Beginning(tokens[0], 3)));
        sink.Add(Join("p4:"u8, Beginning(tokens[0], 4)));
        Span<byte> half = stackalloc byte[1];
        Utf8Formatter.TryFormat(Math.Min(count / 2, LongestHalf), half, out _);
        sink.Add(Join("len:"u8, half));
        if (count < 2)
            return;
        sink.Add(Join("f2:"u8, tokens[0], tokens[1]));
        sink.Add(Join("s2:"u8, tokens[1]));
        sink.Add(Join("l2:"u8, tokens[count - 2], tokens[count - 1]));
        if (count > 2)
            sink.Add(Join("s3:"u8, tokens[2]));
    }

    private static ReadOnlySpan<byte> Beginning(ReadOnlySpan<byte> token, int characters)
    {
        for (var at = 0; at < token.Length; at++)
        {
            if ((token[at] & 0xC0) != 0x80 && characters-- == 0)
                return token[..at];
        }
        return token;
    }

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> place, ReadOnlySpan<byte> token)
    {
        Reserve(place.Length + token.Length);
        place.CopyTo(_feature);
        token.CopyTo(_feature.AsSpan(place.Length));
        return _feature.AsSpan(0, place.Length + token.Length);
    }

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> place, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var length = Join(place, first).Length;
        Reserve(length + 1 + second.Length);
        _feature[length++] = (byte)' ';
        second.CopyTo(_feature.AsSpan(length));
        return _feature.AsSpan(0, length + second.Length);
    }

    private void Reserve(int length)
    {
        if (_feature.Length < length)
            Array.Resize(ref _feature, 2 * length);
    }
}
