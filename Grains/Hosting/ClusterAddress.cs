using System.Globalization;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>
/// Where a cluster's silos find each other, and clients find them: a Redis server and the cluster's name there.
/// <c>redis://[user:password@]host[:port][/name]</c>, <c>rediss://</c> for TLS. Passwords are never part of what is printed.
/// </summary>
public sealed partial record ClusterAddress
{
    public const string DefaultName = "explicit";

    private const int DefaultPort = 6379;

    private static readonly string[] PasswordSigns = ["NOAUTH", "WRONGPASS", "AuthenticationFailure", "invalid password"];

    private ClusterAddress(Uri uri, string name)
    {
        Host = uri.Host;
        Port = uri.IsDefaultPort || uri.Port < 0 ? DefaultPort : uri.Port;
        Tls = uri.Scheme == "rediss";
        Name = name;
        var user = uri.UserInfo.Split(':', 2);
        User = user.Length == 2 && user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
        Password = user.Length == 2 ? Uri.UnescapeDataString(user[1]) : null;
    }

    public string Host { get; }

    public int Port { get; }

    public bool Tls { get; }

    /// <summary>Tells clusters on one server apart.</summary>
    public string Name { get; }

    private string? User { get; }

    /// <summary>Secret; never part of what is printed.</summary>
    public string? Password { get; private init; }

    /// <summary>The address, or the rule that the text breaks.</summary>
    public static (ClusterAddress? Address, string? Problem) Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0)
            return (null, "must be redis://[user:password@]host[:port][/name], or rediss:// for TLS");
        var name = uri.AbsolutePath.Trim('/') is { Length: > 0 } path ? path : DefaultName;
        if (!NamePattern().IsMatch(name))
            return (null, "must end in a cluster name of a-z, 0-9, '.', '_' and '-', at most 64 characters, or none");
        return (new ClusterAddress(uri, name), null);
    }

    /// <summary>The same address with a password that came from elsewhere; null leaves it.</summary>
    public ClusterAddress WithPassword(string? password) => string.IsNullOrEmpty(password) ? this : this with { Password = password };

    /// <summary>Whether Redis answers there within a time: null if it does, else one line that says what is wrong.</summary>
    public async Task<string?> FindProblemAsync(TimeSpan patience)
    {
        var options = ToOptions();
        options.AbortOnConnectFail = true;
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
                await connection.GetDatabase().PingAsync();
                return null;
            }
            catch (RedisException exception) when (IsOfCertificate(exception))
            {
                return $"Redis at {this} has a certificate that is not trusted here, or speaks no TLS: correct the address, or name a file of trusted certificates with SSL_CERT_FILE";
            }
            catch (RedisException exception) when (IsOfPassword(exception))
            {
                return $"Redis at {this} refuses the password, or wants one: set ClusterPassword, or the password of the address";
            }
            catch (RedisException) when (TimeProvider.System.GetElapsedTime(start) > patience)
            {
                return $"Redis at {this} does not answer within {patience.TotalSeconds:0} s: is it running, and is the address right?";
            }
            catch (RedisException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }
        }
    }

    /// <summary>Whether a connection failed for TLS; StackExchange.Redis calls that a failed authentication as well.</summary>
    public static bool IsOfCertificate(Exception exception) => exception.ToString().Contains(nameof(AuthenticationException), StringComparison.Ordinal);

    /// <summary>Whether Redis wants another password.</summary>
    public static bool IsOfPassword(Exception exception) =>
        !IsOfCertificate(exception) && exception.ToString() is var text && PasswordSigns.Any(sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase));

    /// <summary>Settings of the connection: it keeps trying, and a command waits no longer than five seconds.</summary>
    internal ConfigurationOptions ToOptions()
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { { Host, Port } },
            Ssl = Tls,
            User = User,
            Password = Password,
            AbortOnConnectFail = false,
            ConnectTimeout = 5000,
            AsyncTimeout = 5000,
            ClientName = "explicit-cluster",
        };
        return options;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Tls ? "rediss" : "redis")}://{Host}:{Port}/{Name}");

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,63}$")]
    private static partial Regex NamePattern();
}
