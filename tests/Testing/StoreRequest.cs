namespace ExplicitCluster.Testing;

/// <summary>A request as <see cref="FaultyProxy"/> sees it.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Path">Account, container and name.</param>
/// <param name="Number">How many of its kind and path came before.</param>
public sealed record StoreRequest(StoreRequestKind Kind, string Path, int Number)
{
    internal static StoreRequest Of(HttpMessage request, Func<(StoreRequestKind, string), int> count)
    {
        var target = request.Start.Split(' ')[1].Split('?');
        var query = target.Length > 1 ? target[1].Split('&') : [];
        var kind = request.Start.Split(' ')[0] switch
        {
            "GET" when query.Contains("comp=list") => StoreRequestKind.List,
            "GET" => request["x-ms-range"] is null && request["Range"] is null ? StoreRequestKind.Read : StoreRequestKind.ReadRange,
            "HEAD" => StoreRequestKind.Stat,
            "PUT" when query.Contains("comp=block") => StoreRequestKind.WriteBlock,
            "PUT" when query.Contains("comp=blocklist") => StoreRequestKind.Commit,
            "PUT" when query.Contains("restype=container") => StoreRequestKind.MakeContainer,
            "PUT" when query.Length == 0 => StoreRequestKind.Write,
            "DELETE" => StoreRequestKind.Delete,
            _ => StoreRequestKind.Other,
        };
        return new StoreRequest(kind, target[0], count((kind, target[0])));
    }
}
