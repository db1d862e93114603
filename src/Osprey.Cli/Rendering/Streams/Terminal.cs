namespace Osprey.Cli.Rendering.Streams;

/// <summary>The terminal that the program was started from.</summary>
internal static class Terminal
{
    /// <summary>Its width in characters; null where it is not known.</summary>
    public static int? Width
    {
        get
        {
            if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out int columns) && columns > 0)
                return columns;

            try
            {
                return Console.WindowWidth is > 0 and int width ? width : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>Its height in lines; null where it is not known.</summary>
    public static int? Height
    {
        get
        {
            try
            {
                return Console.WindowHeight is > 0 and int height ? height : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }
}
