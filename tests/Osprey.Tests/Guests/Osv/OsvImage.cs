namespace Osprey.Tests.Guests.Osv;

/// <summary>The contents of an OSv image, as far as files beside it tell: its programs and what it starts.</summary>
/// <param name="folder">The folder of the build.</param>
/// <remarks>
/// OSv's build writes the command line of an image to <c>cmdline</c>, with the kind of its root file system, and the
/// files in it to <c>usr.manifest</c>, as <c>GUEST: HOST</c> or <c>GUEST: ->GUEST</c> on each line. An image starts the
/// programs that files in its folder <c>/init</c> name, and then those of its command line. Without the files, the
/// kernel finds the root file system itself. A REST server is not started twice: the second one aborts the guest.
/// </remarks>
internal sealed class OsvImage(string folder)
{
    private const string Server = "/libhttpserver-api.so";

    /// <summary>The list of what is in the image, and where it came from.</summary>
    public string Manifest => Path.Combine(folder, "usr.manifest");

    /// <summary>Whether the image has OSv's REST server.</summary>
    public bool HasServer => ReadManifest().Any(item => item.Guest == Server);

    /// <summary>The options for the kernel of the image's own command line.</summary>
    public string Options => GetOptions(OwnCommandLine);

    /// <summary>
    /// Returns the image's own command line. An image that has a REST server and does not start it runs the server in
    /// place of its programs. A command line without programs, with which the kernel ends, gets one that is not there.
    /// </summary>
    public string GetCommandLine()
    {
        string own = OwnCommandLine;
        if (HasServer && !StartsServer(own))
            return Join(GetOptions(own), Server);

        return GetOptions(own).Length == own.Length ? Join(own, "/nothing-to-run") : own;
    }

    private string OwnCommandLine =>
        Path.Combine(folder, "cmdline") is var path && File.Exists(path) ? File.ReadAllText(path).Trim() : "";

    private static string Join(string options, string program) => $"{options} {program}".Trim();

    /// <summary>The options for the kernel, which come before the first program.</summary>
    private static string GetOptions(string line) =>
        string.Join(' ', line.Split(' ').TakeWhile(word => word.StartsWith("--", StringComparison.Ordinal)));

    private bool StartsServer(string commandLine) =>
        ReadInit().Append(commandLine).Any(text => text.Contains(Server, StringComparison.Ordinal));

    /// <summary>The files that name what the image starts before its command line.</summary>
    private IEnumerable<string> ReadInit() =>
        ReadManifest()
            .Where(item => item.Guest.StartsWith("/init/", StringComparison.Ordinal))
            .Select(item => Path.Combine(folder, item.Host))
            .Where(File.Exists)
            .Select(File.ReadAllText);

    private IEnumerable<(string Guest, string Host)> ReadManifest() =>
        (File.Exists(Manifest) ? File.ReadLines(Manifest) : [])
            .Where(line => line.StartsWith('/'))
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .Select(parts => (parts[0], parts[1]));
}
