using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>
/// Runs of <paramref name="least"/> to <paramref name="most"/> characters within <c>&lt;token&gt;</c>: the brackets mark where a token begins and ends.
/// A character is a code point.
/// </summary>
/// <param name="least">Characters of the shortest run; at least 1.</param>
/// <param name="most">Characters of the longest run.</param>
/// <param name="counts">What a feature's occurrences count as.</param>
public sealed class CharacterGroup(int least, int most, CountKind counts) : FeatureGroup(counts)
{
    private byte[] _token = new byte[256];
    private int[] _starts = new int[256];

    public override string Name => "chars";

    public override bool IsWithinTokens => true;

    public override void Extract<TSink>(TokenBuffer tokens, ref TSink sink)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            var characters = Bracket(tokens[i]);
            for (var n = least; n <= most && n <= characters; n++)
            {
                for (var first = 0; first + n <= characters; first++)
                    sink.Add(_token.AsSpan(_starts[first], _starts[first + n] - _starts[first]));
            }
        }
    }

    /// <summary>Writes the token between brackets, and where its characters start and the last one ends. Gives their number.</summary>
    private int Bracket(ReadOnlySpan<byte> token)
    {
        if (_token.Length < token.Length + 2)
            Array.Resize(ref _token, 2 * (token.Length + 2));
        if (_starts.Length < token.Length + 3)
            Array.Resize(ref _starts, 2 * (token.Length + 3));
        _token[0] = (byte)'<';
        token.CopyTo(_token.AsSpan(1));
        _token[token.Length + 1] = (byte)'>';
        var characters = 0;
        for (var at = 0; at < token.Length + 2; at++)
        {
            if ((_token[at] & 0xC0) != 0x80)
                _starts[characters++] = at;
        }
        _starts[characters] = token.Length + 2;
        return characters;
    }
}
