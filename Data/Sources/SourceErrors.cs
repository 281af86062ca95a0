namespace ExplicitCluster.Data.Sources;

/// <summary>Errors of a source's files that do not depend on its format.</summary>
internal static class SourceErrors
{
    public const string FetchAgain = "Fetch or write the file again; it is not complete or not what it says.";

    private const string FashionFolder = "/usr/share/datasets/fashion-mnist";

    public static SourceException Missing(string path) => new(
        $"{path} does not exist.",
        path.StartsWith(FashionFolder, StringComparison.Ordinal)
            ? "Install Debian's package dataset-fashion-mnist, or point data.train and data.test at the four IDX files."
            : "Check the path in the specification.");

    public static SourceException Directory(string path) => new($"{path} is a folder, not a file.", "Name the file itself in the specification.");

    public static SourceException NoPermission(string path) => new(
        $"{path} may not be read by this user.", "Give this user permission to read it, or run as a user who has.");

    public static SourceException Empty(string path) => new($"{path} is empty (0 bytes).", FetchAgain);

    public static SourceException Unreadable(string path, Exception error) => new($"{path} cannot be read: {error.Message}", "Check the file and its disk.");

    public static SourceException Changed(string path) => new(
        $"{path} has changed since it was first read.", "Start the job again once nothing writes to the file any more.");

    public static SourceException Compressed(string path, string kind, long offset, string seen, string expected) => new(
        $"{path}: byte {offset} of the {kind} file: {seen}; expected {expected}.", FetchAgain);

    public static SourceException Bomb(string path, string kind, long decoded, long read) => new(
        $"{path}: byte {read} of the {kind} file: {decoded} bytes decoded so far, more than {SourceLimits.MaxRatio} for each byte read.",
        "This is no plausible data set; decompress it yourself and use the plain file if it is meant.");
}
