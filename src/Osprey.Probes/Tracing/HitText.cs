using System.Globalization;
using System.Text;
using Osprey.Probes.Operands;
using Osprey.Probes.Values;

namespace Osprey.Probes.Tracing;

/// <summary>The arguments of a hit in words.</summary>
public static class HitText
{
    /// <summary>The arguments with their names: <c>query="SELECT 1", arg2=0x7f00</c>.</summary>
    public static string Describe(ProbeHit hit)
    {
        var text = new StringBuilder();
        for (int i = 0; i < hit.Values.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(NameOf(hit.Site, i)).Append('=');
            text.Append(DescribeValue(hit.Site, i, hit.Values[i]));
        }

        return text.ToString();
    }

    /// <summary>The name of an argument; <c>arg1</c> and on where none is known.</summary>
    public static string NameOf(TracedSite site, int argument) =>
        site.Names[argument].Name ?? string.Create(CultureInfo.InvariantCulture, $"arg{argument + 1}");

    /// <summary>Tells whether an argument is shown as an address rather than a number.</summary>
    public static bool IsAddress(ProbeArgument argument) =>
        argument is { IsFloating: false, IsSigned: false, Size: 0 or 8, Operand: not ProbeOperand.Immediate };

    private static string DescribeValue(TracedSite site, int argument, in ProbeValue value)
    {
        switch (value.Kind)
        {
            case ProbeValueKind.Unknown:
                return "?";
            case ProbeValueKind.Number:
                return value.Number.ToString("R", CultureInfo.InvariantCulture);
        }

        bool isSmall = value.Bits is >= 0 and < 4096;
        string number =
            IsAddress(site.Site.Arguments[argument]) && !isSmall ? $"0x{value.Bits:x}"
            : site.Site.Arguments[argument].IsSigned ? value.Bits.ToString(CultureInfo.InvariantCulture)
            : unchecked((ulong)value.Bits).ToString(CultureInfo.InvariantCulture);
        if (value.Text is null)
            return number;

        string text = ProbeText.Quote(value.Text, value.IsTextCut);
        return site.Names[argument].IsText ? text : $"{number} {text}";
    }
}
