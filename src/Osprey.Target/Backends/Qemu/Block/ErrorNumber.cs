using System.Globalization;

namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>Names of error numbers of Linux, as far as disks and files have them.</summary>
public static class ErrorNumber
{
    private const int Most = 4095; // as Linux's MAX_ERRNO

    private static readonly (string Name, int Value)[] s_known =
    [
        ("EPERM", 1),
        ("ENOENT", 2),
        ("EINTR", 4),
        ("EIO", 5),
        ("ENXIO", 6),
        ("EAGAIN", 11),
        ("ENOMEM", 12),
        ("EACCES", 13),
        ("EBUSY", 16),
        ("ENODEV", 19),
        ("EINVAL", 22),
        ("EFBIG", 27),
        ("ENOSPC", 28),
        ("EROFS", 30),
        ("ENODATA", 61),
        ("EOVERFLOW", 75),
        ("ENOTSUP", 95),
        ("EOPNOTSUPP", 95),
        ("ETIMEDOUT", 110),
        ("ESTALE", 116),
        ("EREMOTEIO", 121),
        ("EDQUOT", 122),
        ("ENOMEDIUM", 123),
        ("ECANCELED", 125),
    ];

    /// <summary>Reads a name such as "ENOSPC", or a number.</summary>
    /// <returns>Null when it is neither.</returns>
    public static int? TryParse(string text)
    {
        foreach ((string name, int value) in s_known)
        {
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number is > 0 and <= Most
            ? number
            : null;
    }

    /// <summary>The name of a number; the number itself where it has none here.</summary>
    public static string Format(int value) =>
        s_known.FirstOrDefault(known => known.Value == value).Name ?? value.ToString(CultureInfo.InvariantCulture);
}
