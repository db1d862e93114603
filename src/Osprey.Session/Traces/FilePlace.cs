namespace Osprey.Session.Traces;

/// <summary>Finds the file that a path leads to through links, in folders too.</summary>
internal static class FilePlace
{
    private const int MaxLinks = 40;

    /// <summary>The path without links, whether or not there is a file.</summary>
    /// <exception cref="IOException">The links go round in a circle.</exception>
    public static string Resolve(string path)
    {
        var rest = new Stack<string>(Split(System.IO.Path.GetFullPath(path)).Reverse());
        string place = "/";
        int links = 0;
        while (rest.TryPop(out string? part))
        {
            string next = System.IO.Path.Combine(place, part);
            string? target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                place = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new IOException($"{path}: too many links");

            string whole = System.IO.Path.GetFullPath(target, place);
            place = "/";
            foreach (string piece in Split(whole).Reverse())
                rest.Push(piece);
        }

        return place;
    }

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
