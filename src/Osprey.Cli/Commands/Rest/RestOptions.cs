using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Rest.Connection;
using Osprey.Traces.Text;

namespace Osprey.Cli.Commands.Rest;

/// <summary>The options that choose a running guest and the way to its REST server.</summary>
internal sealed class RestOptions
{
    private readonly Option<string> _url = new("--url", "-u")
    {
        Description = "The guest's REST server, https:// for TLS; HOST or HOST:PORT is enough",
        HelpName = "URL",
        DefaultValueFactory = _ => GuestRestOptions.DefaultUrl,
    };

    private readonly Option<string> _certificate = new("--cert")
    {
        Description = "PEM file with our own certificate, for a server that asks for one",
        HelpName = "FILE",
    };
    private readonly Option<string> _key = new("--key")
    {
        Description = "PEM file with our certificate's key",
        HelpName = "FILE",
    };
    private readonly Option<string> _authority = new("--cacert")
    {
        Description = "PEM file with the authority that signed the server's certificate, or that certificate itself",
        HelpName = "FILE",
    };
    private readonly Option<string> _timeout = new("--timeout")
    {
        Description =
            "Longest silence of the guest [s, or with a unit: ms s m] (default: 10 s to connect, 30 s for a "
            + "reply, 5 m for a dump to begin)",
        HelpName = "DURATION",
    };

    private readonly Option<bool>? _noVerify;

    // The reference's download takes a value. As a flag it must not swallow what stands behind it: see
    // GetStrayArgument.
    private readonly Option<string?>? _referenceNoVerify;

    /// <param name="command">Gets the options.</param>
    /// <param name="isOfReference">
    /// Whether the reference has the command, and so a value for <c>--no-verify</c>.
    /// </param>
    public RestOptions(Command command, bool isOfReference = false)
    {
        using var group = OptionGroup.Begin(command, OptionGroup.Server);
        command.Options.Add(_url);
        command.Options.Add(_certificate);
        command.Options.Add(_key);
        command.Options.Add(_authority);
        const string NoVerify = "--no-verify";
        const string Description = "Take any server certificate";
        command.Options.Add(
            isOfReference
                ? _referenceNoVerify = new Option<string?>(NoVerify)
                {
                    Description = Description,
                    HelpName = "",
                    Arity = ArgumentArity.ZeroOrOne,
                }
                : _noVerify = new Option<bool>(NoVerify) { Description = Description }
        );
        command.Options.Add(_timeout);
    }

    public string GetUrl(ParseResult result) => result.GetValue(_url) ?? GuestRestOptions.DefaultUrl;

    /// <summary>
    /// Returns the word behind <c>--no-verify</c> that cannot be its value, and so is the next argument; null for
    /// nothing.
    /// </summary>
    public string? GetStrayArgument(ParseResult result) =>
        _referenceNoVerify is not null
        && result.GetValue(_referenceNoVerify) is { Length: > 0 } value
        && ParseFlag(value) is null
            ? value
            : null;

    /// <summary>Finds an option of these that the command line has, by name; null when it has none.</summary>
    public string? FindGiven(ParseResult result) =>
        new Option?[] { _url, _certificate, _key, _authority, _timeout, _noVerify, _referenceNoVerify }
            .FirstOrDefault(option => option is not null && result.GetResult(option) is { Implicit: false })
            ?.Name;

    /// <exception cref="UsageException">The time-out is not one.</exception>
    public GuestRestOptions Read(ParseResult result, bool isCompat = false)
    {
        string url = GetUrl(result);
        string? key = result.GetValue(_key);
        // The reference looks at the options for TLS only when there is a key.
        bool hasTls = !isCompat || (key is not null && url.StartsWith("https:", StringComparison.OrdinalIgnoreCase));
        var options = new GuestRestOptions
        {
            Url = url,
            ClientCertificate = hasTls ? result.GetValue(_certificate) : null,
            ClientKey = hasTls ? key : null,
            CaCertificate = hasTls ? result.GetValue(_authority) : null,
            NoVerify = hasTls && IsNoVerify(result, isCompat),
        };
        return ReadTimeout(result) is TimeSpan timeout
            ? options with
            {
                ConnectTimeout = timeout,
                ReadTimeout = timeout,
                DumpTimeout = timeout,
            }
            : options;
    }

    private bool IsNoVerify(ParseResult result, bool isCompat)
    {
        if (_noVerify is not null)
            return result.GetValue(_noVerify);

        if (_referenceNoVerify is null || result.GetResult(_referenceNoVerify) is null)
            return false;

        string value = result.GetValue(_referenceNoVerify) ?? "";
        return isCompat ? value.Length > 0 : ParseFlag(value) ?? true;
    }

    private static bool? ParseFlag(string value) =>
        value.ToLowerInvariant() switch
        {
            "1" or "yes" or "y" or "true" or "on" => true,
            "0" or "no" or "n" or "false" or "off" => false,
            _ => null,
        };

    private TimeSpan? ReadTimeout(ParseResult result)
    {
        if (result.GetValue(_timeout) is not string text)
            return null;

        return TimeParser.TryParse(text, "s", out decimal nanoseconds) && nanoseconds is >= 1e6m and <= 86400e9m
            ? TimeSpan.FromTicks((long)(nanoseconds / TimeSpan.NanosecondsPerTick))
            : throw new UsageException($"--timeout: '{text}' is not a time from 1ms to 24h, such as 5 or 500ms");
    }
}
