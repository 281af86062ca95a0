using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Numerics.Features;

/// <summary>Runs of <paramref name="least"/> to <paramref name="most"/> tokens, joined by a space.</summary>
/// <param name="least">Tokens of the shortest run; at least 1.</param>
/// <param name="most">Tokens of the longest run.</param>
/// <param name="counts">What a feature's occurrences count as.</param>
public sealed class WordGroup(int least, int most, CountKind counts) : FeatureGroup(counts)
{
    private byte[] _feature = new byte[256];

    public override string Name => "words";

    public override void Extract<TSink>(TokenBuffer tokens, ref TSink sink)
    {
        for (var first = 0; first < tokens.Count; first++)
        {
            var length = 0;
            for (var n = 1; n <= most && first + n <= tokens.Count; n++)
            {
                var token = tokens[first + n - 1];
                if (most == 1)
                {
                    sink.Add(token);
                    break;
                }
                if (_feature.Length < length + 1 + token.Length)
                    Array.Resize(ref _feature, 2 * (length + 1 + token.Length));
                if (n > 1)
                    _feature[length++] = (byte)' ';
                token.CopyTo(_feature.AsSpan(length));
                length += token.Length;
                if (n >= least)
                    sink.Add(_feature.AsSpan(0, length));
            }
        }
    }
}
