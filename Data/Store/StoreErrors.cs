namespace ExplicitCluster.Data.Store;

/// <summary>Turns a file system's errors into one line of cause and one of remedy.</summary>
internal static class StoreErrors
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int ReadOnlyFileSystem = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static bool IsOfMedium(Exception error) => error is IOException or UnauthorizedAccessException;

    public static T Guard<T>(string doing, string root, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (IsOfMedium(error))
        {
            throw Translate(doing, root, error);
        }
    }

    public static StoreException Translate(string doing, string root, Exception error) => error switch
    {
        IOException { HResult: NoSpace or QuotaExceeded or WindowsDiskFull } => new(
            $"Cannot {doing}: the disk that holds the store {root} is full.", "Free space there, or name another folder with --store.", error),
        UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem } => new(
            $"Cannot {doing}: no permission in the store {root}.", "Make the folder readable and writable for this user, or name another with --store.", error),
        _ => new($"Cannot {doing} in the store {root}: {error.Message}", "Check the folder and its disk, or name another with --store.", error),
    };
}
