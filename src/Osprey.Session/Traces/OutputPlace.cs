using Osprey.Binary;

namespace Osprey.Session.Traces;

/// <summary>Refuses the outputs that cannot be replaced by a file, or have no folder to be in.</summary>
public static class OutputPlace
{
    /// <summary>Checks the place of an output: putting a file there would replace a device or a pipe itself.</summary>
    /// <param name="place">Where links lead.</param>
    /// <param name="failure">The begin of the message: what can't be done.</param>
    /// <param name="advice">The end of the message: what to do instead.</param>
    /// <exception cref="IOException">There is a pipe, a socket or a device.</exception>
    public static void RequireReplaceable(string place, string failure, string advice)
    {
        string? what = FileKinds.Find(place) switch
        {
            FileKind.Pipe => "a pipe",
            FileKind.Socket => "a socket",
            FileKind.Device => "a device",
            _ => IsDeviceFolder(place) ? "a device" : null,
        };
        if (what is not null)
            throw new IOException($"{failure}: it is {what}{advice}");
    }

    /// <summary>Checks that the folder of an output is there: one that a user misspelt is not made.</summary>
    /// <param name="place">The whole path of the output.</param>
    /// <param name="failure">The begin of the message: what can't be done.</param>
    /// <exception cref="IOException">There is no such folder.</exception>
    public static void RequireFolder(string place, string failure)
    {
        string? folder = Path.GetDirectoryName(place);
        if (!Directory.Exists(folder))
            throw new IOException($"{failure}: there is no folder {folder}");
    }

    private static bool IsDeviceFolder(string place) =>
        place.StartsWith("/dev/", StringComparison.Ordinal) && !place.StartsWith("/dev/shm/", StringComparison.Ordinal);
}
