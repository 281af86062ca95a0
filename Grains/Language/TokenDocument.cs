using ExplicitCluster.Data.Sources;
using ExplicitCluster.Numerics.Tokens;

namespace ExplicitCluster.Grains.Language;

/// <summary>A document as tokens; it is good until the next is read.</summary>
internal sealed class TokenDocument
{
    private byte[] _joined = [];

    public TokenBuffer Tokens { get; } = new();

    /// <summary>Whether weights are fitted on it: fold 9 of a hash of its tokens.</summary>
    public bool IsHeldOut
    {
        get
        {
            var length = 0;
            for (var i = 0; i < Tokens.Count; i++)
            {
                var token = Tokens[i];
                if (_joined.Length < length + token.Length + 1)
                    Array.Resize(ref _joined, 2 * (length + token.Length + 1));
                token.CopyTo(_joined.AsSpan(length));
                length += token.Length;
                _joined[length++] = 0;
            }
            return RowFold.Of(_joined.AsSpan(0, length), []) == RowFold.HeldOut;
        }
    }
}
