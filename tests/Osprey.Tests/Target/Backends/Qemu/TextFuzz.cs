using Osprey.Binary;

namespace Osprey.Tests.Target.Backends.Qemu;

/// <summary>
/// Texts gone wrong: a parser may give part of the answer or <see cref="BadDataException"/>, nothing else.
/// </summary>
internal static class TextFuzz
{
    private const string Alphabet = "0123456789abcdefxgKMi@():,=-\" \r\n\0\u00e9";

    public static void CutEverywhere(string text, Action<string> parse)
    {
        for (int length = 0; length <= text.Length; length++)
            Try(text[..length], parse);
    }

    public static void Mutate(string text, int seed, Action<string> parse)
    {
        var random = new Random(seed);
        for (int round = 0; round < 2000; round++)
        {
            var characters = new List<char>(text);
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                int at = random.Next(characters.Count);
                switch (random.Next(3))
                {
                    case 0:
                        characters[at] = Alphabet[random.Next(Alphabet.Length)];
                        break;
                    case 1:
                        characters.RemoveRange(at, Math.Min(random.Next(1, 40), characters.Count - at - 1));
                        break;
                    default:
                        characters.InsertRange(
                            at,
                            characters.GetRange(at, Math.Min(random.Next(1, 200), characters.Count - at))
                        );
                        break;
                }
            }

            Try(new string([.. characters]), parse);
        }
    }

    private static void Try(string text, Action<string> parse)
    {
        try
        {
            parse(text);
        }
        catch (BadDataException)
        {
            // What a parser is to say.
        }
    }
}
