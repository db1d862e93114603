using System.Globalization;
using Osprey.Rsp;
using Osprey.Rsp.Client;

namespace Osprey.Target.Backends.Gdb;

/// <summary>Tells whether a guest ran before a connection to its stub stopped it.</summary>
/// <param name="WasRunning">What is taken to be so.</param>
/// <param name="IsCertain">False when the stub does not tell.</param>
/// <remarks>
/// QEMU before 8.1 tells by a stop packet right after connecting, before any reply: it came, so the guest ran; it did
/// not, so the guest was paused. Newer ones send none. There <c>info status</c> tells of guests that never ran, or
/// stand still for a reason of their own ("paused (prelaunch)", "paused (internal-error)"); a plain "paused" is all
/// that is left of both a running guest and one that a user paused.
/// </remarks>
internal readonly record struct GdbFoundState(bool WasRunning, bool IsCertain)
{
    /// <summary>The first release that may have stopped sending a stop packet on connecting; 8.1 surely did.</summary>
    private static readonly Version s_firstSilent = new(8, 0);

    /// <summary>Asks the stub.</summary>
    /// <param name="client">The connection; it is usable afterwards.</param>
    /// <param name="cancellation">The user's wish to end early: what is not known then is asked once more.</param>
    public static GdbFoundState Find(RspClient client, CancellationToken cancellation)
    {
        GdbFoundState found;
        using (cancellation.Register(client.Cancel))
            found = Find(client);

        if (!cancellation.IsCancellationRequested)
            return found;

        // The guest is to be left as it was found, so that must be known.
        client.Resume();
        return found.IsCertain ? found : Find(client);
    }

    private static GdbFoundState Find(RspClient client)
    {
        if (client.FirstStop is not null)
            return new GdbFoundState(true, true);

        string? status = Ask(client, "info status");
        int at = status?.IndexOf("VM status: ", StringComparison.Ordinal) ?? -1;
        if (at < 0)
            return new GdbFoundState(true, false);

        string state = status![(at + "VM status: ".Length)..].Trim();
        if (state.StartsWith("paused (", StringComparison.Ordinal))
            return new GdbFoundState(false, true);

        if (!state.StartsWith("paused", StringComparison.Ordinal))
            return new GdbFoundState(true, state == "running");

        return ParseVersion(Ask(client, "info version")) is Version version && version < s_firstSilent
            ? new GdbFoundState(false, true)
            : new GdbFoundState(true, false);
    }

    /// <summary>Reads "7.2.22 (Debian 1:7.2...)"; null when the text does not start with a version.</summary>
    private static Version? ParseVersion(string? text)
    {
        string[] parts = (text ?? "").Trim().Split('.', 3);
        return
            parts.Length >= 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            ? new Version(major, minor)
            : null;
    }

    private static string? Ask(RspClient client, string command)
    {
        try
        {
            return client.Monitor(command);
        }
        catch (RspException)
        {
            return null; // not told, then; a connection that is gone shows at the next request
        }
    }
}
