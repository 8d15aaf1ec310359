package io.coagateway.radius;

import java.util.Arrays;

/**
 * What an attribute is, by its numbers: {@code 144}, {@code 241.9} (RFC 6929 section 2.1), {@code
 * 26.9.1} for vendor 9 type 1, {@code 241.26.9.1} for an Extended-Vendor-Specific attribute (RFC
 * 6929 section 2.4), with {@code .n} appended for each TLV inside.
 *
 * <p>Numbers are unsigned; a vendor and its type have up to 32 bits.
 */
public final class AttributeId implements Comparable<AttributeId> {
  static final int VENDOR_SPECIFIC_TYPE = 26;
  private static final int FIRST_EXTENDED = 241;
  private static final int FIRST_LONG_EXTENDED = 245;
  private static final int LAST_EXTENDED = 246;

  private static final AttributeId[] STANDARD = new AttributeId[256];
  private static final AttributeId[][] EXTENDED = new AttributeId[6][256];

  static {
    for (int type = 0; type < 256; type++) {
      STANDARD[type] = new AttributeId(type);
    }
    for (int i = 0; i < EXTENDED.length; i++) {
      for (int extendedType = 0; extendedType < 256; extendedType++) {
        EXTENDED[i][extendedType] = new AttributeId(FIRST_EXTENDED + i, extendedType);
      }
    }
  }

  private final int[] numbers;
  private final int hash;

  private AttributeId(int... numbers) {
    this.numbers = numbers;
    this.hash = Arrays.hashCode(numbers);
  }

  /**
   * A standard attribute; 26 and 241 to 246 stand for the attribute as a whole.
   *
   * @param type 0 to 255
   */
  public static AttributeId of(int type) {
    return STANDARD[octet(type, "type")];
  }

  /**
   * An extended or long-extended attribute (RFC 6929 sections 2.1 and 2.2).
   *
   * @param type 241 to 246
   * @param extendedType 0 to 255
   */
  public static AttributeId extended(int type, int extendedType) {
    if (!isExtended(type)) {
      throw new IllegalArgumentException("type " + type + " is not 241 to 246");
    }
    return EXTENDED[type - FIRST_EXTENDED][octet(extendedType, "extended type")];
  }

  /**
   * A vendor's attribute in Vendor-Specific (RFC 2865 section 5.26).
   *
   * @param vendorId the vendor's enterprise number, 32 bits
   * @param vendorType the vendor's own number, up to 32 bits as its format allows
   */
  public static AttributeId vendor(long vendorId, long vendorType) {
    return new AttributeId(
        VENDOR_SPECIFIC_TYPE, number(vendorId, "vendor"), number(vendorType, "vendor type"));
  }

  /**
   * A vendor's attribute in an extended one (RFC 6929 section 2.4).
   *
   * @param type 241 to 246
   * @param vendorId the vendor's enterprise number, 32 bits
   * @param vendorType 0 to 255
   */
  public static AttributeId extendedVendor(int type, long vendorId, int vendorType) {
    if (!isExtended(type)) {
      throw new IllegalArgumentException("type " + type + " is not 241 to 246");
    }
    return new AttributeId(
        type,
        VENDOR_SPECIFIC_TYPE,
        number(vendorId, "vendor"),
        octet(vendorType, "extended vendor type"));
  }

  /**
   * The numbers as {@link #toString} writes them.
   *
   * @throws IllegalArgumentException with the text in quotes and examples
   */
  public static AttributeId parse(String dotted) {
    String[] parts = dotted.split("\\.", -1);
    try {
      int[] numbers = new int[parts.length];
      for (int i = 0; i < parts.length; i++) {
        numbers[i] = number(Long.parseLong(parts[i]), "number");
      }
      return ofNumbers(numbers);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\""
              + dotted
              + "\" is not an attribute by number. Give one like 144, 241.9, 26.9.1 or 241.9.1.4",
          e);
    }
  }

  private static AttributeId ofNumbers(int[] numbers) {
    int type = octet(numbers[0], "type");
    if (numbers.length == 1) {
      return of(type);
    }
    int header; // how many numbers come before those of TLVs
    if (type == VENDOR_SPECIFIC_TYPE) {
      header = 3;
    } else if (!isExtended(type)) {
      header = 1;
    } else {
      octet(numbers[1], "extended type");
      if (numbers.length == 2) {
        return extended(type, numbers[1]);
      }
      header = numbers[1] == VENDOR_SPECIFIC_TYPE ? 4 : 2;
    }
    if (numbers.length < header) {
      throw new IllegalArgumentException("a vendor's attribute needs vendor and type");
    }
    for (int i = header; i < numbers.length; i++) {
      octet(numbers[i], "TLV type");
    }
    return new AttributeId(numbers);
  }

  /**
   * A TLV directly inside this attribute or TLV (RFC 6929 section 2.3).
   *
   * @param tlvType 0 to 255
   */
  public AttributeId tlv(int tlvType) {
    int[] longer = Arrays.copyOf(numbers, numbers.length + 1);
    longer[numbers.length] = octet(tlvType, "TLV type");
    return new AttributeId(longer);
  }

  /**
   * The attribute's type on the wire, 0 to 255: 26 for a vendor's, 241 to 246 for extended ones.
   */
  public int type() {
    return numbers[0];
  }

  /** Whether its type is all there is to it: no extended type, vendor or TLV. */
  boolean isStandard() {
    return numbers.length == 1;
  }

  /** Whether it travels in 241 to 246. */
  public boolean isExtended() {
    return isExtended(numbers[0]);
  }

  /** Whether it travels in 245 or 246, where a value may be cut into fragments. */
  public boolean isLongExtended() {
    return isLongExtended(numbers[0]);
  }

  /** Whether a vendor defined it: inside 26, or inside the Ext-Type 26 of an extended one. */
  public boolean isVendor() {
    return vendorAt() > 0;
  }

  /**
   * The vendor's enterprise number.
   *
   * @throws IllegalStateException when no vendor defined it; ask {@link #isVendor} first
   */
  public long vendorId() {
    return Integer.toUnsignedLong(numbers[vendorIndex()]);
  }

  /**
   * The vendor's own number for the attribute.
   *
   * @throws IllegalStateException when no vendor defined it; ask {@link #isVendor} first
   */
  public long vendorType() {
    return Integer.toUnsignedLong(numbers[vendorIndex() + 1]);
  }

  /**
   * The Ext-Type octet, 0 to 255.
   *
   * @throws IllegalStateException when it is not extended or has no second number
   */
  public int extendedType() {
    if (!isExtended() || numbers.length < 2) {
      throw new IllegalStateException(this + " has no extended type");
    }
    return numbers[1];
  }

  /** How many TLVs deep it lies; 0 for an attribute itself. */
  public int tlvDepth() {
    return numbers.length - headerLength();
  }

  /**
   * The last number: the TLV's type for a TLV, else the attribute's own innermost number.
   *
   * @return unsigned, up to 32 bits
   */
  public long lastNumber() {
    return Integer.toUnsignedLong(numbers[numbers.length - 1]);
  }

  /** The attribute that travels as a whole: itself, or for a TLV the one that holds it. */
  public AttributeId attribute() {
    return tlvDepth() == 0 ? this : ofNumbers(Arrays.copyOf(numbers, headerLength()));
  }

  /**
   * What holds this TLV directly.
   *
   * @throws IllegalStateException when it is no TLV
   */
  public AttributeId parent() {
    if (tlvDepth() == 0) {
      throw new IllegalStateException(this + " is not inside another attribute");
    }
    return ofNumbers(Arrays.copyOf(numbers, numbers.length - 1));
  }

  static boolean isExtended(int type) {
    return type >= FIRST_EXTENDED && type <= LAST_EXTENDED;
  }

  static boolean isLongExtended(int type) {
    return type >= FIRST_LONG_EXTENDED && type <= LAST_EXTENDED;
  }

  private int headerLength() {
    int vendorAt = vendorAt();
    if (vendorAt > 0) {
      return vendorAt + 2;
    }
    return isExtended() ? Math.min(2, numbers.length) : 1;
  }

  private int vendorIndex() {
    int at = vendorAt();
    if (at == 0) {
      throw new IllegalStateException(this + " is no vendor's attribute");
    }
    return at;
  }

  /** The index of the vendor's number; 0 when there is none. */
  private int vendorAt() {
    if (numbers[0] == VENDOR_SPECIFIC_TYPE) {
      return numbers.length > 2 ? 1 : 0;
    }
    return isExtended() && numbers.length > 3 && numbers[1] == VENDOR_SPECIFIC_TYPE ? 2 : 0;
  }

  private static int octet(int number, String what) {
    if (number < 0 || number > 255) {
      throw new IllegalArgumentException(what + " " + number + " is not 0 to 255");
    }
    return number;
  }

  private static int number(long number, String what) {
    if (number < 0 || number > 0xffffffffL) {
      throw new IllegalArgumentException(what + " " + number + " is not 0 to 4294967295");
    }
    return (int) number;
  }

  @Override
  public int compareTo(AttributeId other) {
    return Arrays.compareUnsigned(numbers, other.numbers);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof AttributeId id
            && hash == id.hash
            && Arrays.equals(numbers, id.numbers));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The numbers joined by dots, as FreeRADIUS writes them. */
  @Override
  public String toString() {
    if (numbers.length == 1) {
      return Integer.toString(numbers[0]);
    }
    StringBuilder text = new StringBuilder();
    for (int number : numbers) {
      text.append(text.isEmpty() ? "" : ".").append(Integer.toUnsignedString(number));
    }
    return text.toString();
  }
}
